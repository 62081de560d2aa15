/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci: a PCI function as its host sees it: configuration space (PCI Local Bus 3.0, 6.1 and 6.7), BAR 0 for registers,
 * and either INTA or one MSI-X vector, whose table is in BAR 2 (6.8.2). No side effects; who writes where is told.
 *
 *     00  vendor, device, command, status, revision, class ...
 *     10  BAR 0: registers         18  BAR 2: MSI-X table at 0, pending bits at 0x800 (MSI-X only)
 *     40  MSI-X capability         (MSI-X only)
 *     50  vendor's capability: { id, next, length, kind, u32 base, u32 base high, char name[52] }
 */
#ifndef DMASIM_COSIM_PCI_H
#define DMASIM_COSIM_PCI_H

#include <stdbool.h>
#include <stdint.h>

#define PCI_CONFIG_BYTES 256u
#define PCI_TABLE_BYTES 4096u /* of BAR 2 */
#define PCI_NAME 52u

/* Of functions that stand for a device of a device tree, or for the simulation itself. No vendor has this number. */
enum { PCI_VENDOR_DMASIM = 0xd3a5, PCI_DEVICE_REGISTERS = 0x0001, PCI_DEVICE_CONTROL = 0x0002 };

/* Who it is. */
struct pci_identity {
    uint16_t vendor, device;
    uint32_t class_code; /* 24 bits */
    uint32_t bytes;      /* of BAR 0; made a power of two, a page at least */
    bool msix;
    uint64_t base;    /* in the scenario: how a device tree has it */
    const char *name; /* may be null */
};

struct pci {
    uint8_t config[PCI_CONFIG_BYTES];
    uint32_t bar_bytes;
    bool msix;
    uint32_t vector[4]; /* address, address high, data, control */
};

void pci_init(struct pci *self, const struct pci_identity *identity);

/* Configuration space; all ones where there is nothing. */
void pci_config_read(const struct pci *self, uint64_t offset, uint8_t *bytes, uint32_t length);
void pci_config_write(struct pci *self, uint64_t offset, const uint8_t *bytes, uint32_t length);

/* BAR 2. */
void pci_table_read(const struct pci *self, uint64_t offset, uint8_t *bytes, uint32_t length);
void pci_table_write(struct pci *self, uint64_t offset, const uint8_t *bytes, uint32_t length);

/* True if an interrupt would reach the host now. */
bool pci_interrupts(const struct pci *self);

#endif
