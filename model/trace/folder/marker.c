/* SPDX-License-Identifier: BSD-2-Clause */
/* marker: the list of files that a run has made, to and from text. */
#include "trace/folder/marker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/folder/folder.h"

#define HEADER "dmasim results 1\n"
#define TEXT_MAX ((size_t)1 << 22)
#define NAME_MAX_BYTES 1000

bool made_name_valid(const char *name)
{
    const size_t length = strlen(name), work = strlen(FOLDER_WORK);
    if (length == 0 || length > NAME_MAX_BYTES)
        return false;
    if (strncmp(name, FOLDER_WORK, work) == 0 && (name[work] == '/' || !name[work]))
        return false;
    for (const char *at = name; *at; at++) {
        const bool first = at == name || at[-1] == '/';
        if ((unsigned char)*at < 0x20 || *at == 0x7f || (first && (*at == '.' || *at == '/')))
            return false;
    }
    return name[length - 1] != '/';
}

bool made_add(struct made_file **list, const char *name, const struct stat *status)
{
    const size_t bytes = strlen(name) + 1;
    struct made_file *file = malloc(sizeof *file + bytes);
    if (!file)
        return false;
    *file = (struct made_file){.next = *list, .size = status->st_size, .latest = status->st_mtim};
    memcpy(file->name, name, bytes);
    *list = file;
    return true;
}

void made_free(struct made_file *list)
{
    while (list) {
        struct made_file *file = list;
        list = file->next;
        free(file);
    }
}

const struct made_file *made_find(const struct made_file *list, const char *name)
{
    while (list && strcmp(list->name, name) != 0)
        list = list->next;
    return list;
}

static bool later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

bool made_same(const struct made_file *list, const char *name, const struct stat *status)
{
    if (!S_ISREG(status->st_mode))
        return false;
    for (; (list = made_find(list, name)); list = list->next)
        if (list->size == status->st_size && !later(&status->st_mtim, &list->latest))
            return true;
    return false;
}

/* All of it with a zero at the end, the caller's; null if it cannot be read or is too long. */
static char *read_text(int descriptor)
{
    char *text = malloc(TEXT_MAX);
    size_t length = 0;
    ssize_t got = 1;
    while (text && got > 0 && length < TEXT_MAX - 1) {
        got = read(descriptor, text + length, TEXT_MAX - 1 - length);
        if (got > 0)
            length += (size_t)got;
    }
    if (!text || got != 0) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}

/* A line of the marker with this status; false if memory is short. */
static bool read_line(struct made_file **list, const char *line, struct stat status)
{
    char *name;
    errno = 0;
    status.st_size = strtoll(line, &name, 10);
    if (name == line || errno || *name++ != ' ' || !made_name_valid(name))
        return true; /* it tells of no file */
    return made_add(list, name, &status);
}

bool marker_read(int descriptor, struct made_file **list)
{
    struct stat status;
    char *text = fstat(descriptor, &status) == 0 ? read_text(descriptor) : NULL;
    /* A run that was killed right at its start leaves an empty one. */
    bool good = text && (!*text || strncmp(text, HEADER, strlen(HEADER)) == 0);
    for (char *line = text; good && *line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        good = read_line(list, line, status);
        line = end ? end + 1 : line + strlen(line);
    }
    free(text);
    return good;
}

bool marker_write(int descriptor, const struct made_file *const lists[], unsigned count)
{
    bool good = write(descriptor, HEADER, strlen(HEADER)) == (ssize_t)strlen(HEADER);
    for (unsigned i = 0; good && i < count; i++)
        for (const struct made_file *file = lists[i]; good && file; file = file->next) {
            char line[NAME_MAX_BYTES + 100];
            const int length =
                snprintf(line, sizeof line, "%" PRId64 " %s\n", file->size, file->name);
            good = write(descriptor, line, (size_t)length) == length;
        }
    return good;
}
