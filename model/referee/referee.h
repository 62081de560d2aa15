/* SPDX-License-Identifier: BSD-2-Clause */
/* referee: replays recorded cases on the model and compares them cycle by cycle. */
#ifndef DMASIM_REFEREE_H
#define DMASIM_REFEREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct referee {
    const char *folder; /* holds cases.csv and the recorded files */
    unsigned flags;     /* enum kernel_flags: the model must pass in every mode */
    unsigned passed, failed;
};

/* Each returns false, after a message on stderr, if the folder can't be used. */
bool referee_ahb(struct referee *self);
bool referee_i8237(struct referee *self);
bool referee_adi_axi_dmac(struct referee *self);
bool referee_adi_axi_dmac_ports(struct referee *self);
bool referee_dram(struct referee *self);
bool referee_riscv_iommu(struct referee *self);
bool referee_riscv_iommu_functional(struct referee *self);

/* ---- tables as the recordings have them ------------------------------------------------------ */

/* A CSV file whole in memory. A cell may be in quotes, but a row is a line. */
struct table {
    char *text;
    char **cells; /* row after row, `columns` each; row 0 is the header */
    size_t columns, rows;
};

/* A file, or the same with .gz behind its name, unpacked; the caller frees it. Null with errno if it can't be read. */
char *table_text(const char *path);

/* False, after a message on stderr, if the file can't be read or its rows have unequal lengths. */
bool table_read(struct table *self, const char *folder, const char *file);
void table_free(struct table *self);

/* Index of a column, or SIZE_MAX. */
size_t table_column(const struct table *self, const char *name);

/* Text of the cell in a column, empty if there is no such column. */
const char *table_named(const struct table *self, size_t row, const char *column);

static inline const char *table_cell(const struct table *self, size_t row, size_t column)
{
    return self->cells[row * self->columns + column];
}

#endif
