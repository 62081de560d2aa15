/* SPDX-License-Identifier: BSD-2-Clause */
/* guest_memory: see guest_memory.h. A guest may cut its file at any time, which would end this process by SIGBUS;
 * so zeros are mapped where bytes are gone, and whoever asks is told. */
#define _GNU_SOURCE
#include "cosim/guest_memory.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096u

static struct {
    volatile uintptr_t first, end; /* of the mapping; what a signal handler can see */
    volatile sig_atomic_t lost;
} mapped;

static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
    const uintptr_t at = (uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1);
    (void)context;
    if (at < mapped.first || at >= mapped.end ||
        mmap((void *)at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
             0) == MAP_FAILED) {
        signal(signal_number, SIG_DFL); /* not the guest's: it comes again and ends the process */
        return;
    }
    mapped.lost = 1;
}

const char *guest_memory_map(struct guest_memory *self, int fd, uint64_t offset, uint64_t base,
                             uint64_t size)
{
    struct stat about;
    if (size == 0 || size > GUEST_MEMORY_MAX)
        return "guest memory of no size, or of more than 4 GiB";
    if (base % PAGE || size % PAGE || offset % PAGE || base > UINT64_MAX - size)
        return "guest memory that does not begin and end at pages";
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return "guest memory that is no file";
    if (offset > (uint64_t)about.st_size || (uint64_t)about.st_size - offset < size)
        return "guest memory beyond the end of its file";
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (bytes == MAP_FAILED)
        return "guest memory cannot be mapped";
    const struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    mapped.first = (uintptr_t)bytes;
    mapped.end = mapped.first + size;
    mapped.lost = 0;
    sigaction(SIGBUS, &action, NULL);
    *self = (struct guest_memory){.bytes = bytes, .base = base, .size = size};
    return NULL;
}

void guest_memory_unmap(struct guest_memory *self)
{
    if (self->bytes)
        munmap(self->bytes, self->size);
    *self = (struct guest_memory){.bytes = NULL};
}

uint8_t *guest_memory_at(const struct guest_memory *self, uint64_t address, uint64_t length)
{
    if (!self->bytes || address < self->base || address - self->base > self->size ||
        self->size - (address - self->base) < length)
        return NULL;
    return self->bytes + (address - self->base);
}

bool guest_memory_lost(void)
{
    return mapped.lost != 0;
}
