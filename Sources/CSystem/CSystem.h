// The door to libc for Server and Store. Everything here differs between Linux and Darwin, or is a macro or missing in Swift's own
// Glibc module (epoll, accept4, errno); the rest of libc is re-exported as it is.
#ifndef PATCHBAY_CSYSTEM_H
#define PATCHBAY_CSYSTEM_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
// Declared by <sys/socket.h> only under _GNU_SOURCE, which the Swift importer does not set.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
// So is this by <string.h>.
extern void *memmem(const void *, size_t, const void *, size_t);
#else
#include <sys/event.h>
#endif

static inline int system_errno(void) { return errno; }

#ifdef __linux__
// Enumerators in glibc and macros in musl, which Swift sees as different types.
static const uint32_t system_epoll_in = EPOLLIN;
static const uint32_t system_epoll_out = EPOLLOUT;
static const uint32_t system_epoll_broken = (uint32_t)EPOLLERR | (uint32_t)EPOLLHUP;
static const uint32_t system_epoll_exclusive = EPOLLEXCLUSIVE;
#endif

static inline int system_make_quiet(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0) return -1;
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return 0;
}

// An enumerator in glibc and a macro on Darwin, which Swift sees as different types.
static inline int system_stream_type(void) { return SOCK_STREAM; }

// Sockets and pipes are non-blocking, closed on exec and silent about SIGPIPE from the beginning.

static inline int system_stream_socket(int family) {
#ifdef __linux__
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
#else
    int descriptor = socket(family, SOCK_STREAM, 0);
    if (descriptor >= 0 && system_make_quiet(descriptor) < 0) { close(descriptor); return -1; }
    return descriptor;
#endif
}

static inline int system_accept(int listener, struct sockaddr *address, socklen_t *length) {
#ifdef __linux__
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    int descriptor = accept(listener, address, length);
    if (descriptor >= 0 && system_make_quiet(descriptor) < 0) { close(descriptor); return -1; }
    return descriptor;
#endif
}

static inline int system_pipe(int ends[2]) {
    if (pipe(ends) < 0) return -1;
    if (system_make_quiet(ends[0]) < 0 || system_make_quiet(ends[1]) < 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    return 0;
}

static inline ssize_t system_send(int descriptor, const void *bytes, size_t count) {
#ifdef MSG_NOSIGNAL
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
#else
    return send(descriptor, bytes, count, 0);
#endif
}

static inline int system_set_option(int descriptor, int level, int option, int value) {
    return setsockopt(descriptor, level, option, &value, sizeof value);
}

// Makes the close abort the connection (RST) instead of ending it.
static inline int system_reset_on_close(int descriptor) {
    struct linger option = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, sizeof option);
}

// How many bytes were sent that the other side has not confirmed; 0 where nobody knows.
static inline int system_unsent(int descriptor) {
    int count = 0;
#ifdef __linux__
    return ioctl(descriptor, TIOCOUTQ, &count) < 0 ? 0 : count;
#else
    socklen_t size = sizeof count;
    return getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &count, &size) < 0 ? 0 : count;
#endif
}

// How many descriptors the process may open: usually 1024, of which it may take more without asking anybody.
static inline void system_raise_descriptor_limit(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static inline void system_lower_descriptor_limit(uint64_t wanted) {
    struct rlimit limit = {.rlim_cur = wanted, .rlim_max = wanted};
    setrlimit(RLIMIT_NOFILE, &limit);
}

static inline int system_core_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

static inline int system_start_thread(void *(*body)(void *), void *context) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // What glibc gives anyway; musl and Darwin give too little for a handler that parses nested input.
    pthread_attr_setstacksize(&attributes, 8 * 1024 * 1024);
    int code = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return code;
}

// Lets large buffers go back to the system when they are freed. By default glibc takes the size of the largest one that
// was freed for normal, and keeps all below it.
#ifdef __GLIBC__
#include <malloc.h>
static inline void system_return_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 256 * 1024); }
// Gives the system what has been freed between blocks that are in use.
static inline void system_return_free_memory(void) { malloc_trim(0); }
#else
static inline void system_return_large_blocks(void) {}
static inline void system_return_free_memory(void) {}
#endif

// Makes room for so many bytes in the thread's part of the heap. As it is needed, glibc makes it page by page, each with a call of
// the system and a page fault.
static inline void system_prepare_heap(size_t size) {
    volatile char *room = (volatile char *)malloc(size);
    if (!room) return;
    for (size_t place = 0; place < size; place += 4096) room[place] = 0;
    free((void *)room);
}

// Lets go of the program's code, which comes back from the system's cache page by page as it is needed: starting takes a lot of
// it that serving does not. Only what is mapped for execution: all other pages of a program may have been written to.
#ifdef __linux__
#include <stdio.h>
#include <sys/mman.h>
static inline void system_return_code(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps) return;
    char line[512], access[5];
    unsigned long start, end, inode;
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx %4s %*s %*s %lu", &start, &end, access, &inode) != 4) continue;
        if (strcmp(access, "r-xp") == 0 && inode != 0) madvise((void *)start, end - start, 4 /* MADV_DONTNEED */);
    }
    fclose(maps);
}
#else
static inline void system_return_code(void) {}
#endif

// A thread that is waited for with pthread_join; Swift sees its body's type differently on Linux and Darwin.
static inline int system_create_thread(pthread_t *thread, void *(*body)(void *), void *context) {
    return pthread_create(thread, NULL, body, context);
}

// Opens a plain file to read it; negative when that fails or it is something else.
static inline int system_open_file(const char *path, int64_t *size) {
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return -1;
    if (fstat(descriptor, &status) < 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        return -1;
    }
    *size = status.st_size;
    return descriptor;
}

// Memory of its own pages, zeroed; NULL when there is none (MAP_FAILED is a cast, which Swift does not import).
static inline void *system_map_memory(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

// Gives the whole pages between two places back to the system; what they held is lost.
static inline void system_discard_memory(void *memory, size_t from, size_t to) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    from = (from + page - 1) / page * page;
    to = to / page * page;
    if (from < to) madvise((char *)memory + from, to - from, MADV_DONTNEED);
}

// SIG_IGN is a cast, which Swift does not import.
static inline void system_ignore_signal(int number) { signal(number, SIG_IGN); }

static inline int64_t system_nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// A lock under which a stream of readers cannot starve a writer; on Darwin that is the default.
static inline int system_rwlock_init(pthread_rwlock_t *lock) {
#ifdef __GLIBC__
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    int code = pthread_rwlock_init(lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    return code;
#else
    return pthread_rwlock_init(lock, NULL);
#endif
}

#endif
