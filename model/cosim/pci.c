/* SPDX-License-Identifier: BSD-2-Clause */
/* pci: see pci.h. */
#include "cosim/pci.h"

#include <string.h>

enum {
    AT_COMMAND = 0x04,
    AT_STATUS = 0x06,
    AT_REVISION = 0x08,
    AT_CACHE_LINE = 0x0c,
    AT_LATENCY = 0x0d,
    AT_BARS = 0x10,
    AT_SUBSYSTEM = 0x2c,
    AT_CAPABILITIES = 0x34,
    AT_LINE = 0x3c,
    AT_PIN = 0x3d,
    AT_MSIX = 0x40,
    AT_MSIX_CONTROL = 0x42,
    AT_VENDOR = 0x50,
};

enum {
    COMMAND_BITS = 0x0547, /* I/O, memory, master, parity, SERR, no INTx */
    COMMAND_NO_INTX = 0x0400,
    STATUS_CAPABILITIES = 0x10,
    MSIX_ENABLE = 0x8000,
    MSIX_MASK_ALL = 0x4000,
    VECTOR_MASKED = 1,
    PENDING_BITS = 0x800,
};

static void put(struct pci *self, uint32_t at, uint64_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        self->config[at + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const struct pci *self, uint32_t at, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++)
        value |= (uint32_t)self->config[at + i] << 8 * i;
    return value;
}

void pci_init(struct pci *self, const struct pci_identity *identity)
{
    *self = (struct pci){.bar_bytes = 4096, .msix = identity->msix};
    while (self->bar_bytes < identity->bytes && self->bar_bytes < UINT32_C(1) << 30)
        self->bar_bytes *= 2;
    put(self, 0, identity->vendor | (uint32_t)identity->device << 16, 4);
    put(self, AT_STATUS, STATUS_CAPABILITIES, 2);
    put(self, AT_REVISION, 1 | (uint64_t)identity->class_code << 8, 4);
    put(self, AT_SUBSYSTEM, identity->vendor | (uint32_t)identity->device << 16, 4);
    put(self, AT_CAPABILITIES, identity->msix ? AT_MSIX : AT_VENDOR, 1);
    if (identity->msix) { /* one vector, table and pending bits in BAR 2 */
        put(self, AT_MSIX, 0x11 | (uint32_t)AT_VENDOR << 8, 4);
        put(self, AT_MSIX + 4, 2, 4);
        put(self, AT_MSIX + 8, 2 | PENDING_BITS, 4);
        self->vector[3] = VECTOR_MASKED;
    } else {
        put(self, AT_PIN, 1, 1);
    }
    put(self, AT_VENDOR, 0x09 | (uint32_t)(12 + PCI_NAME) << 16, 4);
    put(self, AT_VENDOR + 4, identity->base, 8);
    if (identity->name) {
        size_t length = strnlen(identity->name, PCI_NAME - 1);
        memcpy(self->config + AT_VENDOR + 12, identity->name, length);
    }
}

void pci_config_read(const struct pci *self, uint64_t offset, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = offset < PCI_CONFIG_BYTES && i < PCI_CONFIG_BYTES - offset
                       ? self->config[offset + i]
                       : 0xff;
}

/* The bits of a byte that a write changes. */
static uint8_t writable(const struct pci *self, uint32_t at)
{
    if (at == AT_COMMAND || at == AT_COMMAND + 1)
        return (uint8_t)(COMMAND_BITS >> 8 * (at - AT_COMMAND));
    if (at == AT_CACHE_LINE || at == AT_LATENCY || at == AT_LINE)
        return 0xff;
    if (at >= AT_BARS && at < AT_BARS + 4)
        return (uint8_t)(~(self->bar_bytes - 1) >> 8 * (at - AT_BARS));
    if (self->msix && at >= AT_BARS + 8 && at < AT_BARS + 12)
        return (uint8_t)(~(PCI_TABLE_BYTES - 1) >> 8 * (at - AT_BARS - 8));
    if (self->msix && at == AT_MSIX_CONTROL + 1)
        return (MSIX_ENABLE | MSIX_MASK_ALL) >> 8;
    return 0;
}

void pci_config_write(struct pci *self, uint64_t offset, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length && offset + i < PCI_CONFIG_BYTES; i++) {
        const uint32_t at = (uint32_t)offset + i;
        const uint8_t mask = writable(self, at);
        self->config[at] = (uint8_t)((self->config[at] & ~mask) | (bytes[i] & mask));
    }
}

void pci_table_read(const struct pci *self, uint64_t offset, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        const uint64_t at = offset + i;
        bytes[i] = at >= offset && at < sizeof self->vector
                       ? (uint8_t)(self->vector[at / 4] >> 8 * (at % 4))
                       : 0;
    }
}

void pci_table_write(struct pci *self, uint64_t offset, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length && offset + i < sizeof self->vector; i++) {
        const uint32_t at = (uint32_t)offset + i, shift = 8 * (at % 4);
        self->vector[at / 4] =
            (self->vector[at / 4] & ~(UINT32_C(0xff) << shift)) | (uint32_t)bytes[i] << shift;
    }
}

bool pci_interrupts(const struct pci *self)
{
    if (!self->msix)
        return !(get(self, AT_COMMAND, 2) & COMMAND_NO_INTX);
    const uint32_t control = get(self, AT_MSIX_CONTROL, 2);
    return (control & MSIX_ENABLE) && !(control & MSIX_MASK_ALL) &&
           !(self->vector[3] & VECTOR_MASKED);
}
