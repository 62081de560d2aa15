/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/zst.h"

#ifdef DMASIM_ZSTD

#include <stdlib.h>
#include <zstd.h>

#define PACKED_BYTES ((size_t)1 << 17)
#define LEVEL 3 /* of 19: packs a VCD as fast as it is written */

struct zst {
    struct dmasim_packer packer;
    ZSTD_CCtx *context;
    char packed[PACKED_BYTES];
};

static bool pack(void *context, const char *bytes, size_t length, bool last, dmasim_write *write,
                 void *to)
{
    struct zst *self = context;
    ZSTD_inBuffer in = {bytes, length, 0};
    for (;;) {
        ZSTD_outBuffer out = {self->packed, sizeof self->packed, 0};
        const size_t left =
            ZSTD_compressStream2(self->context, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left) || (out.pos && !write(to, self->packed, out.pos)))
            return false;
        if (last ? left == 0 : in.pos == in.size)
            return true;
    }
}

struct zst *zst_open(const char **error)
{
    struct zst *self = calloc(1, sizeof *self);
    if (self)
        self->context = ZSTD_createCCtx();
    if (!self || !self->context ||
        ZSTD_isError(ZSTD_CCtx_setParameter(self->context, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(self->context, ZSTD_c_checksumFlag, 1))) {
        zst_close(self);
        *error = "no memory for Zstandard";
        return NULL;
    }
    self->packer = (struct dmasim_packer){.suffix = ".zst", .pack = pack, .context = self};
    return self;
}

const struct dmasim_packer *zst_packer(const struct zst *self)
{
    return &self->packer;
}

void zst_close(struct zst *self)
{
    if (self)
        ZSTD_freeCCtx(self->context);
    free(self);
}

#else

struct zst *zst_open(const char **error)
{
    *error = "this program was built without libzstd";
    return NULL;
}

const struct dmasim_packer *zst_packer(const struct zst *self)
{
    (void)self;
    return NULL;
}

void zst_close(struct zst *self)
{
    (void)self;
}

#endif
