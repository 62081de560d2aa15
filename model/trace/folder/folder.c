/* SPDX-License-Identifier: BSD-2-Clause */
/* folder: claims, and files that appear together. All below it is reached from its descriptor, part by part. */
#include "trace/folder/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "trace/file.h"
#include "trace/folder/marker.h"

struct folder_file {
    struct folder_file *next;
    bool kept;
    char *name; /* of the result */
    char *work; /* in FOLDER_WORK */
};

struct folder {
    char *path;
    int descriptor;
    int work; /* descriptor of FOLDER_WORK; -1: it is not there */
    bool force, held;
    bool marked;                    /* the marker is there */
    bool own_marker;                /* this claim has made it, */
    bool made;                      /* and the folder */
    bool cleared;                   /* the results of the run before are gone */
    struct made_file *before, *own; /* files of the run before; of this claim */
    struct folder_file *files;
};

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* ---- paths ----------------------------------------------------------------------------------- */

/* Opens the folder of `name` below `base`, no links on the way; *leaf is the rest. -1 with errno. */
static int open_parent(int base, const char *name, bool make, const char **leaf)
{
    int at = fcntl(base, F_DUPFD_CLOEXEC, 0);
    const char *slash;
    for (*leaf = name; at >= 0 && (slash = strchr(*leaf, '/')); *leaf = slash + 1) {
        char part[NAME_MAX + 1];
        const size_t length = (size_t)(slash - *leaf);
        if (length == 0)
            continue;
        int next = -1;
        errno = ENAMETOOLONG;
        if (length < sizeof part) {
            memcpy(part, *leaf, length);
            part[length] = '\0';
            if (!make || mkdirat(at, part, 0777) == 0 || errno == EEXIST)
                next = openat(at, part, DIRECTORY);
        }
        const int error = errno;
        close(at);
        errno = error;
        at = next;
    }
    return at;
}

static int fail(const struct folder *self, const char *name, const char *text,
                struct dmasim_error *error)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s%s", self->path, name ? "/" : "", name ? name : "");
    return trace_error(error, DMASIM_IO, path, "%s", text);
}

int folder_error(const struct folder *self, const char *name, int number,
                 struct dmasim_error *error)
{
    char text[256];
    snprintf(text, sizeof text, "cannot write: %s", strerror(number));
    return fail(self, name, text, error);
}

static const char *link_text(int error)
{
    return error == ELOOP || error == ENOTDIR ? "a link or a file stands where a folder is due"
                                              : strerror(error);
}

bool folder_make(const char *path, bool *made)
{
    char *part = strdup(path);
    bool good = part != NULL;
    for (char *slash = part; good && slash && *slash;) {
        slash += strspn(slash, "/");
        if (!*slash)
            break;
        slash += strcspn(slash, "/");
        const char rest = *slash;
        *slash = '\0';
        *made = mkdir(part, 0777) == 0;
        good = *made || errno == EEXIST;
        *slash = rest;
    }
    const int error = errno;
    free(part);
    errno = error;
    return good;
}

/* The folder of a path; -1 with errno. */
static int open_folder(const char *path, const struct folder_options *options, bool *made)
{
    if (!*path) {
        errno = ENOENT;
        return -1;
    }
    if (options->links)
        return options->make && !folder_make(path, made) ? -1 : open(path, DIRECTORY & ~O_NOFOLLOW);
    const char *leaf;
    const int start = open(*path == '/' ? "/" : ".", DIRECTORY);
    const int parent = start < 0 ? -1 : open_parent(start, path, options->make, &leaf);
    if (start >= 0)
        close(start);
    if (parent < 0)
        return -1;
    *made = options->make && *leaf && mkdirat(parent, leaf, 0777) == 0;
    const int found = openat(parent, *leaf ? leaf : ".", DIRECTORY);
    const int error = errno;
    close(parent);
    errno = error;
    return found;
}

/* ---- the marker ------------------------------------------------------------------------------ */

static bool read_marker(struct folder *self)
{
    struct stat status;
    const int descriptor =
        openat(self->descriptor, FOLDER_MARKER, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool good = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                      marker_read(descriptor, &self->before);
    close(descriptor);
    return good;
}

/* The marker of a folder that had none. */
static bool make_marker(struct folder *self, struct dmasim_error *error)
{
    if (self->marked)
        return true;
    const int descriptor = openat(self->descriptor, FOLDER_MARKER,
                                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return fail(self, FOLDER_MARKER, strerror(errno), error) == DMASIM_OK;
    self->marked = self->own_marker = true;
    close(descriptor);
    return true;
}

/* The marker lists what is there, and what comes. */
static bool write_marker(struct folder *self, const struct made_file *coming,
                         struct dmasim_error *error)
{
    const struct made_file *const lists[] = {self->cleared ? NULL : self->before, self->own,
                                             coming};
    static const char name[] = "marker";
    unlinkat(self->work, name, 0);
    const int descriptor = openat(self->work, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool good = descriptor >= 0 && marker_write(descriptor, lists, 3);
    good = descriptor >= 0 && close(descriptor) == 0 && good &&
           renameat(self->work, name, self->descriptor, FOLDER_MARKER) == 0;
    if (!good)
        fail(self, FOLDER_MARKER, strerror(errno), error);
    return good;
}

/* ---- claiming -------------------------------------------------------------------------------- */

/* The name of something in it, in `name`; false if it is empty. */
static bool look_inside(const struct folder *self, char name[NAME_MAX + 1])
{
    const int descriptor = openat(self->descriptor, ".", DIRECTORY);
    DIR *list = descriptor < 0 ? NULL : fdopendir(descriptor);
    *name = '\0';
    if (!list) {
        if (descriptor >= 0)
            close(descriptor);
        return true;
    }
    const struct dirent *entry;
    while (!*name && (entry = readdir(list)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
    closedir(list);
    return *name != '\0';
}

/* Removes what a run that was killed has left. */
static void remove_work(struct folder *self)
{
    const int descriptor = openat(self->descriptor, FOLDER_WORK, DIRECTORY);
    DIR *list = descriptor < 0 ? NULL : fdopendir(descriptor);
    const struct dirent *entry;
    while (list && (entry = readdir(list)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(descriptor, entry->d_name, 0);
    if (list)
        closedir(list);
    else if (descriptor >= 0)
        close(descriptor);
    unlinkat(self->descriptor, FOLDER_WORK, AT_REMOVEDIR);
}

/* A result of the run before that somebody has changed since; null if there is none. */
static const char *find_changed(const struct folder *self)
{
    for (const struct made_file *file = self->before; file; file = file->next) {
        struct stat status;
        const char *leaf;
        const int parent = open_parent(self->descriptor, file->name, false, &leaf);
        if (parent < 0)
            continue;
        const bool there = fstatat(parent, leaf, &status, AT_SYMLINK_NOFOLLOW) == 0;
        close(parent);
        if (there && !made_same(self->before, file->name, &status))
            return file->name;
    }
    return NULL;
}

static bool claim(struct folder *self, struct dmasim_error *error)
{
    char inside[NAME_MAX + 1], text[NAME_MAX + 200];
    if (flock(self->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        fail(self, NULL, "another run writes its results here; choose another folder", error);
        return false;
    }
    self->marked = read_marker(self);
    if (self->marked) {
        const char *changed = self->force ? NULL : find_changed(self);
        if (changed) {
            fail(self, changed,
                 "changed since the run that made it; move it away, or replace it by force "
                 "(--force)",
                 error);
            return false;
        }
        remove_work(self);
    } else if (!self->force && look_inside(self, inside)) {
        snprintf(text, sizeof text,
                 "no folder of results: it has other things in it (%.200s); choose another one, or "
                 "write beside them by force (--force)",
                 inside);
        fail(self, NULL, text, error);
        return false;
    }
    return true;
}

struct folder *folder_open(const char *path, const struct folder_options *options,
                           struct dmasim_error *error)
{
    struct folder *self = calloc(1, sizeof *self);
    if (self)
        self->path = strdup(path);
    if (!self || !self->path) {
        free(self);
        trace_error(error, DMASIM_MEMORY, path, "out of memory");
        return NULL;
    }
    self->work = -1;
    self->force = options->force;
    self->descriptor = open_folder(path, options, &self->made);
    if (self->descriptor < 0)
        fail(self, NULL, link_text(errno), error);
    else if (claim(self, error))
        return self;
    folder_free(self);
    return NULL;
}

bool folder_is(const struct folder *self, const char *path)
{
    struct stat here, there;
    return fstat(self->descriptor, &here) == 0 && stat(path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* ---- files ----------------------------------------------------------------------------------- */

enum place { PLACE_FREE, PLACE_OURS, PLACE_TAKEN };

/* What stands at a result's place; taken: *error is filled. */
static enum place look_at(const struct folder *self, const char *name, struct dmasim_error *error)
{
    struct stat status;
    const char *leaf;
    const int parent = open_parent(self->descriptor, name, false, &leaf);
    if (parent < 0 && errno == ENOENT)
        return PLACE_FREE;
    if (parent < 0) {
        fail(self, name, link_text(errno), error);
        return PLACE_TAKEN;
    }
    const bool there = fstatat(parent, leaf, &status, AT_SYMLINK_NOFOLLOW) == 0;
    close(parent);
    if (!there)
        return PLACE_FREE;
    const bool listed = S_ISREG(status.st_mode) && self->force &&
                        (made_find(self->before, name) || made_find(self->own, name));
    if (listed || made_same(self->before, name, &status) || made_same(self->own, name, &status))
        return PLACE_OURS;
    fail(self, name,
         "is there already, and no run has made it; move it away, or choose another folder", error);
    return PLACE_TAKEN;
}

static bool make_work(struct folder *self, struct dmasim_error *error)
{
    if (self->work >= 0)
        return true;
    if (!make_marker(self, error))
        return false;
    if (mkdirat(self->descriptor, FOLDER_WORK, 0777) == 0)
        self->work = openat(self->descriptor, FOLDER_WORK, DIRECTORY);
    if (self->work < 0)
        fail(self, FOLDER_WORK, strerror(errno), error);
    return self->work >= 0;
}

/* With the last file goes the folder they were in. */
static void leave_work(struct folder *self)
{
    if (self->files || self->work < 0)
        return;
    close(self->work);
    self->work = -1;
    unlinkat(self->descriptor, FOLDER_WORK, AT_REMOVEDIR);
}

static void free_file(struct folder *self, struct folder_file *file)
{
    struct folder_file **place = &self->files;
    while (*place && *place != file)
        place = &(*place)->next;
    if (*place)
        *place = file->next;
    free(file->name);
    free(file->work);
    free(file);
}

/* A file of FOLDER_WORK that was not there; -1 with errno. */
static int create_work(const struct folder *self, struct folder_file *file, size_t size)
{
    int length = snprintf(file->work, size, "%s", file->name);
    for (char *slash = file->work; (slash = strchr(slash, '/'));)
        *slash = '+';
    if (length > NAME_MAX - 8)
        file->work[length = NAME_MAX - 8] = '\0';
    for (int number = 2; number < 10000; number++) {
        const int descriptor =
            openat(self->work, file->work, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
        snprintf(file->work + length, size - (size_t)length, ".%d", number);
    }
    return -1;
}

int folder_create(struct folder *self, const char *name, struct folder_file **out,
                  struct dmasim_error *error)
{
    if (!made_name_valid(name)) {
        fail(self, name, "no name for a result", error);
        return -1;
    }
    if (look_at(self, name, error) == PLACE_TAKEN || !make_work(self, error))
        return -1;
    const size_t size = strlen(name) + 8;
    struct folder_file *file = calloc(1, sizeof *file);
    if (file) {
        file->name = strdup(name);
        file->work = malloc(size);
    }
    int descriptor = -1;
    if (!file || !file->name || !file->work)
        trace_error(error, DMASIM_MEMORY, name, "out of memory");
    else if ((descriptor = create_work(self, file, size)) < 0)
        fail(self, name, strerror(errno), error);
    if (descriptor < 0) {
        if (file)
            free_file(self, file);
        leave_work(self);
        return -1;
    }
    file->next = self->files;
    self->files = *out = file;
    return descriptor;
}

void folder_discard(struct folder *self, struct folder_file *file)
{
    unlinkat(self->work, file->work, 0);
    free_file(self, file);
    leave_work(self);
}

void folder_keep(struct folder *self, struct folder_file *file)
{
    (void)self;
    file->kept = true;
}

void folder_hold(struct folder *self, bool held)
{
    self->held = held;
}

bool folder_held(const struct folder *self)
{
    return self->held;
}

/* ---- publishing ------------------------------------------------------------------------------ */

/* Removes a file that is ours, and the folders above it that are empty then. */
static void remove_result(const struct folder *self, const char *name)
{
    char part[PATH_MAX];
    const char *leaf;
    int parent = open_parent(self->descriptor, name, false, &leaf);
    if (parent < 0)
        return;
    unlinkat(parent, leaf, 0);
    close(parent);
    snprintf(part, sizeof part, "%s", name);
    for (char *slash; (slash = strrchr(part, '/'));) {
        *slash = '\0';
        parent = open_parent(self->descriptor, part, false, &leaf);
        const bool gone = parent >= 0 && unlinkat(parent, leaf, AT_REMOVEDIR) == 0;
        if (parent >= 0)
            close(parent);
        if (!gone)
            return;
    }
}

/* The results of the run before. */
static void clear(struct folder *self)
{
    for (const struct made_file *file = self->before; file; file = file->next)
        if (look_at(self, file->name, NULL) == PLACE_OURS)
            remove_result(self, file->name);
    self->cleared = true;
}

/* Gives a file its name where nothing stands; false with errno. */
static bool put_in_place(const struct folder *self, const struct folder_file *file)
{
    const char *leaf;
    struct stat status;
    const int parent = open_parent(self->descriptor, file->name, true, &leaf);
    if (parent < 0)
        return false;
    bool good = linkat(self->work, file->work, parent, leaf, 0) == 0;
    if (good) {
        unlinkat(self->work, file->work, 0);
    } else if (errno != EEXIST) { /* no hard links here */
        good = fstatat(parent, leaf, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT &&
               renameat(self->work, file->work, parent, leaf) == 0;
    }
    const int error = errno;
    close(parent);
    errno = error;
    return good;
}

/* All that is kept can have its place, and is on the list; false with *error filled. */
static bool list_kept(const struct folder *self, struct made_file **coming,
                      struct dmasim_error *error)
{
    for (const struct folder_file *file = self->files; file; file = file->next) {
        struct stat status;
        if (!file->kept)
            continue;
        if (look_at(self, file->name, error) == PLACE_TAKEN)
            return false;
        if (fstatat(self->work, file->work, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return fail(self, file->name, strerror(errno), error) == DMASIM_OK;
        if (!made_add(coming, file->name, &status))
            return trace_error(error, DMASIM_MEMORY, file->name, "out of memory") == DMASIM_OK;
    }
    return true;
}

static int place_all(struct folder *self, struct dmasim_error *error)
{
    struct made_file *coming = NULL;
    bool good = list_kept(self, &coming, error) && write_marker(self, coming, error);
    if (good && !self->cleared)
        clear(self);
    struct made_file **end = &coming;
    while (*end)
        end = &(*end)->next;
    *end = self->own;
    self->own = coming;
    for (struct folder_file *file = self->files, *next; good && file; file = next) {
        next = file->next;
        if (!file->kept)
            continue;
        if (look_at(self, file->name, NULL) == PLACE_OURS)
            remove_result(self, file->name);
        good = put_in_place(self, file);
        if (good)
            free_file(self, file);
        else
            fail(self, file->name, strerror(errno), error);
    }
    return good && write_marker(self, NULL, error) ? DMASIM_OK : error->code;
}

int folder_publish(struct folder *self, struct dmasim_error *error)
{
    struct dmasim_error local;
    bool any = false;
    for (const struct folder_file *file = self->files; file; file = file->next)
        any |= file->kept;
    if (self->held || !any)
        return DMASIM_OK;
    error = error ? error : &local;
    error->code = DMASIM_OK;
    const int code = place_all(self, error);
    for (struct folder_file *file = self->files, *next; file; file = next) {
        next = file->next;
        if (!file->kept)
            continue;
        unlinkat(self->work, file->work, 0);
        free_file(self, file);
    }
    leave_work(self);
    return code;
}

void folder_free(struct folder *self)
{
    if (!self)
        return;
    while (self->files)
        folder_discard(self, self->files);
    if (self->own_marker && !self->own)
        unlinkat(self->descriptor, FOLDER_MARKER, 0);
    if (self->made && !self->own)
        rmdir(self->path);
    if (self->descriptor >= 0)
        close(self->descriptor);
    made_free(self->before);
    made_free(self->own);
    free(self->path);
    free(self);
}
