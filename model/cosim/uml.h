/* SPDX-License-Identifier: BSD-2-Clause */
/* uml: starts a User-Mode Linux kernel on the sockets of a server, in a folder of its own. */
#ifndef DMASIM_COSIM_UML_H
#define DMASIM_COSIM_UML_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "dmasim/dmasim.h"

#define UML_PATH 256u

struct uml_options {
    const char *image, *initrd;   /* files */
    const char *dtb;              /* a compiled device tree; null: none */
    const char *const *arguments; /* for the kernel's command line, after ours */
    size_t argument_count;
    uint32_t functions; /* PCI functions on the server's socket */
    bool terminal;      /* the guest's console is ours; else it is a pipe, and there is no input */
};

struct uml {
    char folder[UML_PATH]; /* of sockets and links; gone with uml_free() */
    pid_t process;         /* 0: none */
    bool terminal;
    int console; /* to read from, nonblocking; -1: none */
};

/* Makes the folder. */
bool uml_init(struct uml *self, struct dmasim_error *error);

bool uml_start(struct uml *self, const struct uml_options *options, struct dmasim_error *error);

/* Waits for its end, kills it if it has not come after `wait_ms`. Its exit code, or 128 + its signal; -1: none was started. */
int uml_end(struct uml *self, int wait_ms);

void uml_free(struct uml *self);

#endif
