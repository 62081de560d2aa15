/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenario/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fills `text` from the descriptor. Returns the length, or -1 with errno. */
static ssize_t read_all(int descriptor, char *text, size_t size)
{
    size_t length = 0;
    while (length < size) {
        const ssize_t got = read(descriptor, text + length, size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

char *text_file_read(const char *path, size_t most, size_t *length, const char **why)
{
    char *text = malloc(most + 2);
    *why = strerror(ENOMEM);
    if (!text)
        return NULL;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const ssize_t got = descriptor < 0 ? -1 : read_all(descriptor, text, most + 1);
    if (got < 0)
        *why = errno == ENOENT ? "no such file" : strerror(errno);
    if (descriptor >= 0)
        close(descriptor);
    if (got < 0) {
        free(text);
        return NULL;
    }
    text[got] = '\0';
    *length = (size_t)got;
    return text;
}

char *text_file_load(const char *path, size_t most, size_t *length, struct dmasim_error *error)
{
    const char *why;
    char *text = text_file_read(path, most, length, &why);
    if (text && *length <= most)
        return text;
    *error = (struct dmasim_error){.code = DMASIM_IO};
    snprintf(error->file, sizeof error->file, "%s", path);
    snprintf(error->text, sizeof error->text, "cannot read the file: %s",
             text ? "it is too long" : why);
    free(text);
    return NULL;
}
