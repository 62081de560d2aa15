/* SPDX-License-Identifier: BSD-2-Clause */
/* folders: two folders of results, file by file; of what is no trace and no table, the bytes. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/compare.h"
#include "reading/source.h"

#define DEPTH_MAX 16
#define BLOCK ((size_t)1 << 16)

/* The length of a name without .gz or .zst. */
static size_t bare_length(const char *name)
{
    static const char *const packings[] = {".gz", ".zst"};
    const size_t length = strlen(name);
    for (int i = 0; i < 2; i++) {
        const size_t tail = strlen(packings[i]);
        if (length > tail && strcmp(name + length - tail, packings[i]) == 0)
            return length - tail;
    }
    return length;
}

enum compare_type compare_type_of(const char *path, enum compare_type other)
{
    const size_t length = bare_length(path);
    if (length >= 4 && strncmp(path + length - 4, ".vcd", 4) == 0)
        return COMPARE_VCD;
    if (length >= 4 && strncmp(path + length - 4, ".csv", 4) == 0)
        return COMPARE_TABLE;
    return other;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

struct bytes {
    struct source *source;
    size_t at, end;
    bool ended;
    char block[BLOCK];
};

static bool more(struct bytes *self, char side, struct comparison *result)
{
    if (self->at < self->end || self->ended)
        return true;
    self->at = 0;
    if (!source_read(self->source, self->block, BLOCK, &self->end)) {
        comparison_fail(result, side, "%s", source_error(self->source));
        return false;
    }
    self->ended = self->end == 0;
    return true;
}

static void walk_bytes(struct bytes *a, struct bytes *b, struct comparison *result)
{
    uint64_t line = 1;
    while (more(a, 'A', result) && more(b, 'B', result)) {
        const size_t left_a = a->end - a->at, left_b = b->end - b->at;
        const size_t most = left_a < left_b ? left_a : left_b;
        const char *x = a->block + a->at, *y = b->block + b->at;
        size_t same = 0;
        for (; same < most && x[same] == y[same]; same++)
            line += x[same] == '\n';
        result->compared += same;
        if (same < most || (most == 0 && !(a->ended && b->ended))) {
            result->first_given = true;
            result->first = (trace_time)line;
            result->verdict = COMPARE_DIFFERENT;
        }
        if (same < most || most == 0)
            return;
        a->at += same;
        b->at += same;
    }
}

void compare_bytes(const char *a, const char *b, struct comparison *result)
{
    *result = (struct comparison){.verdict = COMPARE_SAME, .scale = "line", .unit_fs = 1};
    const char *const path[2] = {a, b};
    struct bytes *bytes = calloc(2, sizeof *bytes);
    char error[160] = "no memory";
    bool good = bytes != NULL;
    for (int side = 0; side < 2 && good; side++) {
        bytes[side].source = source_open(path[side], error, sizeof error);
        good = bytes[side].source != NULL;
        if (!good)
            comparison_fail(result, (char)('A' + side), "%s", error);
    }
    if (good)
        walk_bytes(&bytes[0], &bytes[1], result);
    else
        comparison_fail(result, 0, "%s", error);
    for (int side = 0; side < 2 && bytes; side++)
        source_close(bytes[side].source);
    free(bytes);
}

/* ---- folders --------------------------------------------------------------------------------- */

static bool fail(struct folder_comparison *self, const char *path, const char *why)
{
    snprintf(self->error, sizeof self->error, "%.200s: %.80s", path, why);
    self->verdict = COMPARE_ERROR;
    return false;
}

/* The entry of a name, made if there is none. */
static struct folder_file *entry(struct folder_comparison *self, const char *name)
{
    const size_t length = bare_length(name);
    for (size_t i = 0; i < self->count; i++)
        if (strlen(self->files[i].name) == length &&
            strncmp(self->files[i].name, name, length) == 0)
            return &self->files[i];
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 16;
        struct folder_file *files = realloc(self->files, room * sizeof *files);
        if (!files)
            return NULL;
        self->files = files;
        self->room = room;
    }
    char *copy = strndup(name, length);
    if (!copy)
        return NULL;
    self->files[self->count] = (struct folder_file){.name = copy};
    return &self->files[self->count++];
}

static bool add_folder(struct folder_comparison *self, int side, const char *folder,
                       const char *inside, int depth)
{
    DIR *directory = opendir(folder);
    if (!directory || depth > DEPTH_MAX) {
        const bool opened = directory != NULL;
        const int why = errno;
        if (opened)
            closedir(directory);
        return fail(self, folder, opened ? "too many folders in folders" : strerror(why));
    }
    bool good = true;
    for (struct dirent *one; good && (one = readdir(directory));) {
        char path[4096], name[4096];
        struct stat status;
        if (one->d_name[0] == '.')
            continue; /* the folder itself, and what is kept beside results */
        if (snprintf(path, sizeof path, "%s/%s", folder, one->d_name) >= (int)sizeof path ||
            snprintf(name, sizeof name, "%s%s", inside, one->d_name) >= (int)sizeof name - 1) {
            good = fail(self, folder, "a name that is too long");
        } else if (stat(path, &status) != 0) {
            good = fail(self, path, strerror(errno));
        } else if (S_ISDIR(status.st_mode)) {
            strcat(name, "/");
            good = add_folder(self, side, path, name, depth + 1);
        } else {
            struct folder_file *file = entry(self, name);
            char *copy = file ? strdup(path) : NULL;
            if (!copy)
                good = fail(self, path, "no memory");
            else if (file->path[side])
                free(copy); /* packed and not packed: the first one found is as good */
            else
                file->path[side] = copy;
        }
    }
    closedir(directory);
    return good;
}

static int by_name(const void *a, const void *b)
{
    const struct folder_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

void compare_folders(const char *a, const char *b, const struct compare_options *options,
                     struct folder_comparison *result)
{
    *result = (struct folder_comparison){.verdict = COMPARE_SAME};
    if (!add_folder(result, 0, a, "", 0) || !add_folder(result, 1, b, "", 0))
        return;
    if (result->count > 1)
        qsort(result->files, result->count, sizeof *result->files, by_name);
    for (size_t i = 0; i < result->count; i++) {
        struct folder_file *file = &result->files[i];
        file->type = compare_type_of(file->name, COMPARE_BYTES);
        file->result.verdict = COMPARE_DIFFERENT;
        if (file->path[0] && file->path[1]) {
            if (file->type == COMPARE_VCD)
                compare_vcd(file->path[0], file->path[1], options, &file->result);
            else if (file->type == COMPARE_TABLE)
                compare_tables(file->path[0], file->path[1], options, &file->result);
            else
                compare_bytes(file->path[0], file->path[1], &file->result);
        }
        if (file->result.verdict > result->verdict)
            result->verdict = file->result.verdict;
    }
}

void folder_comparison_free(struct folder_comparison *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->files[i].name);
        free(self->files[i].path[0]);
        free(self->files[i].path[1]);
        comparison_free(&self->files[i].result);
    }
    free(self->files);
    *self = (struct folder_comparison){.count = 0};
}
