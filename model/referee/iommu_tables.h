/* SPDX-License-Identifier: BSD-2-Clause */
/* iommu_tables: memory and the tables in it, as a row of cases.csv says (traces/golden/riscv_iommu/README.md). */
#ifndef DMASIM_IOMMU_TABLES_H
#define DMASIM_IOMMU_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of 64 bits, 0 where nothing was written. `scripted` is what the script knows: not what the IOMMU wrote. */
struct iommu_words {
    struct iommu_word {
        uint64_t address, value, scripted;
        bool used;
    } * words;
    size_t room, count;
};

/* A first-stage space, or a second-stage one. */
struct iommu_space {
    char name[24]; /* "S0", "G0", "S0@G0" */
    char kind;     /* S, T, U: 3, 4, 5 levels of 9 bits; G, H, I: the root has 2 bits more */
    uint64_t root;
    struct iommu_space *second; /* where its own pages are mapped to themselves; null: none */
};

/* A device of the directory. */
struct iommu_tables_device {
    uint32_t id;
    struct iommu_space *second; /* null: none */
    uint64_t processes;         /* root of its process directory, 0: none */
    uint32_t process_levels;
    uint64_t msi; /* page of its MSI table, 0: none */
};

struct iommu_tables {
    struct iommu_words memory;
    struct iommu_space spaces[32];
    struct iommu_tables_device devices[64];
    size_t space_count, device_count;
    uint64_t next;          /* page to be taken */
    uint32_t mode;          /* ddtp.iommu_mode */
    uint32_t context_bytes; /* 32 or 64 */
    uint64_t directory;
};

uint64_t iommu_words_get(const struct iommu_words *self, uint64_t address);
uint64_t iommu_words_scripted(const struct iommu_words *self, uint64_t address);
/* By the IOMMU, or by the script, which then knows it too. False if memory is short. */
bool iommu_words_put(struct iommu_words *self, uint64_t address, uint64_t value, bool scripted);

/* What a case says of them; columns of cases.csv. */
struct iommu_tables_texts {
    uint32_t mode;
    bool extended; /* contexts of 64 bytes */
    const char *devices, *processes, *msis, *maps;
};

/* Builds directory, contexts and page tables. False if a text cannot be read or memory is short. */
bool iommu_tables_build(struct iommu_tables *self, const struct iommu_tables_texts *texts);
void iommu_tables_free(struct iommu_tables *self);

/* Writes a word as the script does: "A80001000=1", "DC5.2=^800"; targets are DC, DD, PC, PD, PT and A, operators |, &
 * and ^ on what the script knows. False if the text cannot be read. */
bool iommu_tables_poke(struct iommu_tables *self, const char *text);

#endif
