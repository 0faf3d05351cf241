// Tells the thread sanitizer of the Mutex of Swift's Synchronization module what it cannot see.
//
// Its fast path is compiled into whoever uses it, and is seen; where threads compete for it, it is the library that locks and
// unlocks, which is not built with the sanitizer. What one thread did before it unlocked would then seem to race with what
// the next one does. These stand in for the library's functions, which they call, and say what was acquired and released.
// They are part of no build but that of `make test-tsan`.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

// Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> (), and so on, as Swift mangles them.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void patchbay_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool patchbay_try_lock(SELF) __asm__(TRY_LOCK);
SWIFT void patchbay_unlock(SELF) __asm__(UNLOCK);

SWIFT void patchbay_lock(uint32_t thread, SELF) {
    ((SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT bool patchbay_try_lock(SELF) {
    bool is_locked = ((SWIFT bool (*)(SELF))dlsym(RTLD_NEXT, TRY_LOCK))(mutex);
    if (is_locked) __tsan_acquire(mutex);
    return is_locked;
}

SWIFT void patchbay_unlock(SELF) {
    __tsan_release(mutex);
    ((SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
