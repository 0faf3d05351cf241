// The seed files of this folder, carried by the program.
#ifndef PATCHBAY_SEED_DATA_H
#define PATCHBAY_SEED_DATA_H

#include <stddef.h>

struct seed_file {
    const char *api;
    const char *name;
    const unsigned char *content;
    size_t length;
};

/// The file at a place, of the documents' own examples and of rows enough to page through; NULL after the last.
const struct seed_file *seed_file_at(size_t place);

/// The bytes of a database with the rows of all these files, and how many there are.
const void *seed_image(size_t *length);

/// Lets go of the memory that reading these bytes took; they can be read again.
void seed_image_is_read(void);

#endif
