/* SPDX-License-Identifier: BSD-2-Clause */
/* load: a whole file of bounded size. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/study.h"

static char *fail(struct dmasim_error *error, const char *path, const char *text)
{
    *error = (struct dmasim_error){.code = DMASIM_IO};
    snprintf(error->file, sizeof error->file, "%s", path);
    snprintf(error->text, sizeof error->text, "cannot read the file: %s", text);
    return NULL;
}

char *study_load_file(const char *path, size_t most, size_t *length, struct dmasim_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char *text = malloc(most + 1);
    if (descriptor < 0 || !text) {
        const int why = text ? errno : ENOMEM;
        free(text);
        if (descriptor >= 0)
            close(descriptor);
        return fail(error, path, why == ENOENT ? "no such file" : strerror(why));
    }
    size_t used = 0;
    ssize_t got = 1;
    while (got > 0 && used <= most) {
        got = read(descriptor, text + used, most + 1 - used);
        if (got > 0)
            used += (size_t)got;
        else if (got < 0 && errno == EINTR)
            got = 1;
    }
    const int why = got < 0 ? errno : 0;
    close(descriptor);
    if (why == 0 && used <= most) {
        *length = used;
        return text;
    }
    free(text);
    return fail(error, path, why ? strerror(why) : "it is too long");
}
