#define _DEFAULT_SOURCE
#include "SeedData.h"

#include <sys/mman.h>
#include <unistd.h>

// #embed is of C23. As an array literal in Swift, the same bytes take the compiler a minute.
#pragma clang diagnostic ignored "-Wc23-extensions"

// The size of a page of memory, on most machines.
#define PAGE 4096

#define FILE_OF(api, kind) {#api, #api "-" #kind ".json", api##_##kind, sizeof api##_##kind}

static const unsigned char vpcep_credentials[] = {
#embed "vpcep/vpcep-credentials.json"
};
static const unsigned char vpcep_documented[] = {
#embed "vpcep/vpcep-documented.json"
};
static const unsigned char vpcep_generated[] = {
#embed "vpcep/vpcep-generated.json"
};
static const unsigned char apig_documented[] = {
#embed "apig/apig-documented.json"
};
static const unsigned char apig_generated[] = {
#embed "apig/apig-generated.json"
};
static const unsigned char identity_credentials[] = {
#embed "identity/identity-credentials.json"
};
static const unsigned char identity_generated[] = {
#embed "identity/identity-generated.json"
};
static const unsigned char atlas_credentials[] = {
#embed "atlas/atlas-credentials.json"
};
static const unsigned char atlas_documented[] = {
#embed "atlas/atlas-documented.json"
};
static const unsigned char atlas_generated[] = {
#embed "atlas/atlas-generated.json"
};
static const unsigned char confluent_credentials[] = {
#embed "confluent/confluent-credentials.json"
};
static const unsigned char confluent_documented[] = {
#embed "confluent/confluent-documented.json"
};
static const unsigned char confluent_generated[] = {
#embed "confluent/confluent-generated.json"
};
static const unsigned char confluent_regions[] = {
#embed "confluent/confluent-regions.json"
};
static const unsigned char cloudflare_credentials[] = {
#embed "cloudflare/cloudflare-credentials.json"
};
static const unsigned char cloudflare_documented[] = {
#embed "cloudflare/cloudflare-documented.json"
};
static const unsigned char cloudflare_generated[] = {
#embed "cloudflare/cloudflare-generated.json"
};

static const struct seed_file files[] = {
    // The two Open Telekom Cloud services share their credentials.
    FILE_OF(vpcep, credentials), FILE_OF(identity, credentials), FILE_OF(atlas, credentials),
    FILE_OF(confluent, credentials), FILE_OF(cloudflare, credentials),
    // The first tenant of an API is what tenants are copied from.
    FILE_OF(vpcep, documented), FILE_OF(apig, documented), FILE_OF(atlas, documented),
    FILE_OF(confluent, documented), FILE_OF(cloudflare, documented),
    FILE_OF(vpcep, generated), FILE_OF(apig, generated), FILE_OF(identity, generated), FILE_OF(atlas, generated),
    FILE_OF(confluent, generated), FILE_OF(cloudflare, generated), FILE_OF(confluent, regions),
};

const struct seed_file *seed_file_at(size_t place) {
    return place < sizeof files / sizeof files[0] ? &files[place] : NULL;
}

// What the files hold, ready for use (`make seeds`).
static _Alignas(PAGE) const unsigned char image[] = {
#embed "seeds.image"
};

const void *seed_image(size_t *length) {
    *length = sizeof image;
    return image;
}

void seed_image_is_read(void) {
    // Only whole pages, and no larger ones than those that the image is aligned to.
    if (sysconf(_SC_PAGESIZE) == PAGE) madvise((void *)image, sizeof image / PAGE * PAGE, MADV_DONTNEED);
}
