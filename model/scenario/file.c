/* SPDX-License-Identifier: BSD-2-Clause */
/* file: the files a scenario names. Each is read once, whole, when the scenario is loaded. */
#include "scenario/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* a/b, or b alone if it is absolute or a is null. */
static char *join(struct arena *arena, const char *a, const char *b)
{
    size_t length_a = a && b[0] != '/' ? strlen(a) : 0, length_b = strlen(b);
    char *path = arena_alloc(arena, length_a + length_b + 2);
    if (!path)
        return NULL;
    if (length_a > 0)
        memcpy(path, a, length_a);
    if (length_a > 0 && path[length_a - 1] != '/')
        path[length_a++] = '/';
    memcpy(path + length_a, b, length_b);
    return path;
}

const char *scenario_path(const struct scenario *self, struct arena *arena, const char *name)
{
    if (!self->origin)
        return NULL;
    const char *origin = strcmp(self->origin, ".") ? self->origin : NULL;
    if (name[0] == '/' || !self->directory)
        return join(arena, origin, name);
    const char *base = join(arena, origin, self->directory);
    return base ? join(arena, base, name) : NULL;
}

/* Adds the closest name in the same directory. */
static void suggest_file(const char *path, const char *name, struct line *line)
{
    enum { ENTRIES_MAX = 2000 };
    char directory[1024] = ".", best[256];
    const char *slash = strrchr(path, '/');
    const char *word = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    if (slash && (size_t)(slash - path) >= sizeof directory)
        return;
    if (slash) {
        size_t length = slash == path ? 1 : (size_t)(slash - path);
        memcpy(directory, path, length);
        directory[length] = '\0';
    }
    DIR *list = opendir(directory);
    if (!list)
        return;
    unsigned least = strlen(word) < 6 ? 3 : 4;
    best[0] = '\0';
    const struct dirent *entry = readdir(list);
    for (int i = 0; entry && i < ENTRIES_MAX; i++, entry = readdir(list)) {
        unsigned distance = word_distance(word, entry->d_name);
        if (entry->d_name[0] == '.' || distance > least ||
            (distance == least && (!best[0] || strcmp(entry->d_name, best) > 0)))
            continue;
        least = distance;
        memcpy(best, entry->d_name, strlen(entry->d_name) + 1);
    }
    closedir(list);
    if (best[0])
        line_add(line, ", did you mean \"%.*s%s\"?", (int)(word - name), name, best);
}

static bool failed(struct scenario *self, struct place place, const char *name, const char *why)
{
    struct line line = {0};
    line_add(&line, "cannot read ");
    line_quote_all(&line, name);
    line_add(&line, ": %s", why);
    scenario_error(self, place, "%s", line.text);
    return false;
}

static bool missing(struct scenario *self, struct place place, const char *name, const char *path,
                    int error)
{
    struct line line = {0};
    line_add(&line, "cannot read ");
    line_quote_all(&line, name);
    line_add(&line, ": %s", error == ENOENT ? "no such file" : strerror(error));
    if (error == ENOENT && report_open(&self->report))
        suggest_file(path, name, &line);
    scenario_error(self, place, "%s", line.text);
    return false;
}

static bool read_bytes(struct scenario *self, int descriptor, struct loaded_file *file,
                       struct place place, const char *name)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return failed(self, place, name, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return failed(self, place, name, "not a regular file");
    if ((uint64_t)status.st_size > SCENARIO_FILE_MAX)
        return failed(self, place, name, "larger than 64 MiB");
    if ((uint64_t)status.st_size > SCENARIO_FILES_MAX - self->file_bytes)
        return failed(self, place, name, "all files together are larger than 256 MiB");
    uint8_t *bytes = scenario_alloc(self, (size_t)status.st_size + 1);
    if (!bytes)
        return false;
    size_t length = 0;
    while (length < (size_t)status.st_size) {
        ssize_t got = read(descriptor, bytes + length, (size_t)status.st_size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(self, place, name, strerror(errno));
        if (got == 0)
            break;
        length += (size_t)got;
    }
    file->bytes = bytes;
    file->length = length;
    self->file_bytes += length;
    return true;
}

/* The file lies in the scenario's folder, wherever the links to it and to the folder lead. */
static bool inside(const struct scenario *self, const char *path)
{
    char *folder = realpath(self->origin, NULL), *file = folder ? realpath(path, NULL) : NULL;
    const size_t length = folder && strcmp(folder, "/") != 0 ? strlen(folder) : 0;
    const bool good = file && strncmp(file, folder, length) == 0 && file[length] == '/';
    free(folder);
    free(file);
    return good;
}

static const struct loaded_file *find_file(const struct scenario *self, const char *path)
{
    const struct loaded_file *file = self->files;
    while (file && strcmp(file->path, path) != 0)
        file = file->next;
    return file;
}

/* A file that is not in the list yet comes in: its bytes are those of the scenario this one is made of, or read
 * now. */
static const struct loaded_file *kept_file(struct scenario *self, const char *path,
                                           struct place place, const char *name)
{
    const struct loaded_file *known = NULL;
    if (self->confined && access(path, F_OK) == 0 && !inside(self, path)) {
        failed(self, place, name, "it is outside the scenario's folder (--confine)");
        return NULL;
    }
    for (const struct scenario *s = self->parent; s && !known; s = s->parent)
        known = find_file(s, path);
    struct loaded_file *file = scenario_alloc(self, sizeof *file);
    if (!file)
        return NULL;
    if (known) {
        *file = *known;
    } else {
        int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (descriptor < 0) {
            missing(self, place, name, path, errno);
            return NULL;
        }
        bool good = read_bytes(self, descriptor, file, place, name);
        close(descriptor);
        if (!good)
            return NULL;
        file->path = path;
    }
    file->next = self->files;
    self->files = file;
    return file;
}

bool file_load(struct scenario *self, struct place place, const char *name,
               struct parameter_blob *blob)
{
    if (!name[0] || strlen(name) > 1000)
        return failed(self, place, name, "not a file name");
    if (!self->origin)
        return failed(self, place, name, "this scenario has no directory to find files in");
    const char *path = scenario_path(self, &self->arena, name);
    if (!path) {
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
        return false;
    }
    const struct loaded_file *file = find_file(self, path);
    if (!file && !(file = kept_file(self, path, place, name)))
        return false;
    *blob = (struct parameter_blob){.path = name, .bytes = file->bytes, .length = file->length};
    return true;
}
