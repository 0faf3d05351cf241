#include "SeedData.h"

// #embed is of C23. As an array literal in Swift, the same bytes take the compiler a minute.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define FILES(api)                                        \
    {#api, #api "-documented.json", api##_documented, sizeof api##_documented}, \
    {#api, #api "-generated.json", api##_generated, sizeof api##_generated}

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
static const unsigned char atlas_documented[] = {
#embed "atlas/atlas-documented.json"
};
static const unsigned char atlas_generated[] = {
#embed "atlas/atlas-generated.json"
};
static const unsigned char confluent_documented[] = {
#embed "confluent/confluent-documented.json"
};
static const unsigned char confluent_generated[] = {
#embed "confluent/confluent-generated.json"
};
static const unsigned char cloudflare_documented[] = {
#embed "cloudflare/cloudflare-documented.json"
};
static const unsigned char cloudflare_generated[] = {
#embed "cloudflare/cloudflare-generated.json"
};

static const struct seed_file files[] = {
    FILES(vpcep), FILES(apig), FILES(atlas), FILES(confluent), FILES(cloudflare),
};

const struct seed_file *seed_file_at(size_t place) {
    return place < sizeof files / sizeof files[0] ? &files[place] : NULL;
}
