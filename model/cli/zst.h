/* SPDX-License-Identifier: BSD-2-Clause */
/* zst: packs what is written, as Zstandard (RFC 8878). */
#ifndef DMASIM_CLI_ZST_H
#define DMASIM_CLI_ZST_H

#include "dmasim/dmasim.h"

struct zst;

/* A packer that lives until zst_close(), for one file. Null with a text in *error. */
struct zst *zst_open(const char **error);
const struct dmasim_packer *zst_packer(const struct zst *self);
void zst_close(struct zst *self); /* null does nothing */

#endif
