/* SPDX-License-Identifier: BSD-2-Clause */
/* store: see store.h. Rows of one commit are in the file together or not at all. */
#include "study/store.h"

#include <sha2.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPLICATION_ID 0x646d7374 /* "dmst" */
#define FORMAT 2                  /* of the tables */

struct study_store {
    sqlite3 *db;
    const struct study *study; /* null: opened to read */
    sqlite3_stmt *insert;
    char *path;
    uint8_t decimals[STUDY_METRICS_MAX]; /* of each metric, plus one, that were noted; 0: none */
};

static bool exec(struct study_store *self, const char *text)
{
    return sqlite3_exec(self->db, text, NULL, NULL, NULL) == SQLITE_OK;
}

static sqlite3_stmt *prepare(struct study_store *self, const char *text)
{
    sqlite3_stmt *statement = NULL;
    return sqlite3_prepare_v2(self->db, text, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

void study_store_error(const struct study_store *self, struct dmasim_error *error)
{
    *error = (struct dmasim_error){.code = DMASIM_IO};
    snprintf(error->file, sizeof error->file, "%s", self->path);
    snprintf(error->text, sizeof error->text, "%s", sqlite3_errmsg(self->db));
}

void study_store_close(struct study_store *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->insert);
    sqlite3_close(self->db);
    free(self->path);
    free(self);
}

/* Null with *error filled. */
static struct study_store *open_file(const char *path, int flags, struct dmasim_error *error)
{
    struct study_store *self = calloc(1, sizeof *self);
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    if (!self)
        return NULL;
    self->path = strdup(path);
    if (self->path && sqlite3_open_v2(path, &self->db, flags, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(self->db, 2000);
        exec(self, "PRAGMA synchronous = NORMAL");
        return self;
    }
    if (self->db)
        study_store_error(self, error);
    study_store_close(self);
    return NULL;
}

/* The integer that a query gives; -1 if it gives none. */
static int64_t integer(struct study_store *self, const char *query)
{
    sqlite3_stmt *statement = prepare(self, query);
    int64_t value = -1;
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* ---- provenance ------------------------------------------------------------------------------ */

static bool put_key(struct study_store *self, const char *key, const char *value, size_t length)
{
    sqlite3_stmt *statement =
        prepare(self, "INSERT OR REPLACE INTO provenance (key, value) VALUES (?, ?)");
    bool good =
        statement && sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text64(statement, 2, value, length, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return good;
}

static bool put_count(struct study_store *self, const char *key, uint64_t value)
{
    char text[24];
    const int length = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return put_key(self, key, text, (size_t)length);
}

bool study_store_finish(struct study_store *self, uint64_t runs, uint64_t left_out)
{
    return put_count(self, "runs", runs) && put_count(self, "left_out", left_out) &&
           study_store_commit(self);
}

char *study_store_key(struct study_store *self, const char *key)
{
    sqlite3_stmt *statement = prepare(self, "SELECT value FROM provenance WHERE key = ?");
    char *value = NULL;
    if (statement && sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
        value = strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return value;
}

/* What must be the same for rows to belong together. */
struct identity {
    const char *key;
    const char *value;
    size_t length;
};

static bool put_hash(struct study_store *self, const char *key, const char *text, size_t length)
{
    char hash[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data((const uint8_t *)text, length, hash);
    return put_key(self, key, hash, strlen(hash));
}

static void identities(const struct study_base *base, char seed[24], struct identity all[4])
{
    const struct study *study = base->study;
    const int length = snprintf(seed, 24, "%llu", (unsigned long long)base->seed);
    all[0] = (struct identity){"version", dmasim_version(), strlen(dmasim_version())};
    all[1] = (struct identity){"study", study->text, study->length};
    all[2] = (struct identity){"scenario", base->text, base->length};
    all[3] = (struct identity){"scenario_seed", seed, (size_t)length};
}

/* ---- making the file ------------------------------------------------------------------------- */

static bool make_columns(struct study_store *self)
{
    const struct study *study = self->study;
    sqlite3_str *text = sqlite3_str_new(self->db);
    sqlite3_str_appendall(text, "CREATE TABLE points (point INTEGER NOT NULL");
    for (uint32_t i = 0; i < study->axis_count; i++)
        sqlite3_str_appendf(text, ", \"%w\" TEXT NOT NULL", study->axes[i].name);
    sqlite3_str_appendall(text, ", seed INTEGER NOT NULL, status TEXT NOT NULL, error TEXT");
    for (uint32_t i = 0; i < study->metrics.count; i++)
        sqlite3_str_appendf(text, ", \"%w\" NUMERIC", study->metrics.items[i].name);
    sqlite3_str_appendall(text,
                          ", asserted INTEGER NOT NULL, PRIMARY KEY (point, seed)) WITHOUT ROWID");
    char *statement = sqlite3_str_finish(text);
    const bool good = statement && exec(self, statement);
    sqlite3_free(statement);
    return good;
}

static bool put_names(struct study_store *self)
{
    const struct study *study = self->study;
    sqlite3_stmt *axis = prepare(self, "INSERT INTO axes VALUES (?, ?, ?, ?)");
    sqlite3_stmt *metric =
        prepare(self, "INSERT INTO metrics (position, name, expression) VALUES (?, ?, ?)");
    bool good = axis && metric;
    for (uint32_t i = 0; good && i < study->axis_count; i++)
        for (uint32_t k = 0; good && k < study->axes[i].path_count; k++) {
            sqlite3_bind_int(axis, 1, (int)i);
            sqlite3_bind_text(axis, 2, study->axes[i].name, -1, SQLITE_STATIC);
            sqlite3_bind_int(axis, 3, (int)k);
            sqlite3_bind_text(axis, 4, study->axes[i].paths[k], -1, SQLITE_STATIC);
            good = sqlite3_step(axis) == SQLITE_DONE && sqlite3_reset(axis) == SQLITE_OK;
        }
    for (uint32_t i = 0; good && i < study->metrics.count; i++) {
        const struct study_expression *item = &study->metrics.items[i];
        sqlite3_bind_int(metric, 1, (int)i);
        sqlite3_bind_text(metric, 2, item->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(metric, 3, item->text, -1, SQLITE_STATIC);
        good = sqlite3_step(metric) == SQLITE_DONE && sqlite3_reset(metric) == SQLITE_OK;
    }
    sqlite3_finalize(axis);
    sqlite3_finalize(metric);
    return good;
}

static bool make_tables(struct study_store *self, const struct study_base *base,
                        struct study_shard shard)
{
    char seed[24], text[80];
    struct identity all[4];
    identities(base, seed, all);
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, FORMAT);
    bool good =
        exec(self, "BEGIN IMMEDIATE") && exec(self, text) &&
        exec(self, "CREATE TABLE provenance (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
                   "CREATE TABLE axes (position INTEGER, name TEXT, path_position INTEGER, "
                   "path TEXT, PRIMARY KEY (position, path_position)) WITHOUT ROWID;"
                   "CREATE TABLE metrics (position INTEGER PRIMARY KEY, name TEXT, "
                   "expression TEXT, decimals INTEGER)") &&
        make_columns(self) && put_names(self);
    for (size_t i = 0; good && i < 4; i++)
        good = put_key(self, all[i].key, all[i].value, all[i].length);
    snprintf(text, sizeof text, "%u/%u", shard.index + 1, shard.count);
    return good && put_key(self, "scenario_file", base->file, strlen(base->file)) &&
           put_hash(self, "study_sha256", base->study->text, base->study->length) &&
           put_hash(self, "scenario_sha256", base->text, base->length) &&
           put_key(self, "shard", text, strlen(text)) && exec(self, "COMMIT");
}

static bool is_study(struct study_store *self)
{
    return integer(self, "PRAGMA application_id") == APPLICATION_ID;
}

/* Of a dmasim whose tables are these. */
static bool is_readable(struct study_store *self)
{
    return is_study(self) && integer(self, "PRAGMA user_version") == FORMAT;
}

const char *study_store_differs(struct study_store *self, const struct study_base *base)
{
    char seed[24];
    struct identity all[4];
    identities(base, seed, all);
    for (size_t i = 0; i < 4; i++) {
        char *value = study_store_key(self, all[i].key);
        const bool same = value && strlen(value) == all[i].length &&
                          memcmp(value, all[i].value, all[i].length) == 0;
        free(value);
        if (!same)
            return strcmp(all[i].key, "scenario_seed") == 0 ? "scenario" : all[i].key;
    }
    return NULL;
}

static bool same_shard(struct study_store *self, struct study_shard shard)
{
    char text[40];
    snprintf(text, sizeof text, "%u/%u", shard.index + 1, shard.count);
    char *value = study_store_key(self, "shard");
    const bool same = value && strcmp(value, text) == 0;
    free(value);
    return same;
}

struct sqlite3 *study_store_handle(struct study_store *self)
{
    return self->db;
}

static void refuse(const struct study_store *self, struct dmasim_error *error, const char *format,
                   const char *what)
{
    *error = (struct dmasim_error){.code = DMASIM_INVALID};
    snprintf(error->file, sizeof error->file, "%s", self->path);
    snprintf(error->text, sizeof error->text, format, what);
}

static bool prepare_insert(struct study_store *self)
{
    const uint32_t columns = 5 + self->study->axis_count + self->study->metrics.count;
    sqlite3_str *text = sqlite3_str_new(self->db);
    sqlite3_str_appendall(text, "INSERT INTO points VALUES (?");
    for (uint32_t i = 1; i < columns; i++)
        sqlite3_str_appendall(text, ",?");
    sqlite3_str_appendall(text, ")");
    char *statement = sqlite3_str_finish(text);
    self->insert = statement ? prepare(self, statement) : NULL;
    sqlite3_free(statement);
    return self->insert != NULL;
}

/* An empty file is new; what an earlier process left half made was never committed. */
static bool ready(struct study_store *self, const struct study_base *base, struct study_shard shard,
                  struct dmasim_error *error)
{
    const int64_t tables = integer(self, "SELECT count(*) FROM sqlite_master");
    if (tables > 0 && !is_study(self)) {
        refuse(self, error, "this is no database of a study%s", "");
        return false;
    }
    const char *other = tables == 0         ? NULL
                        : is_readable(self) ? study_store_differs(self, base)
                                            : "version";
    if (tables > 0 && !other && !same_shard(self, shard))
        other = "shard";
    if (other) {
        refuse(self, error,
               "it holds results of another %s: --force starts anew, -o names another folder",
               other);
        return false;
    }
    if (tables >= 0 && (tables > 0 || make_tables(self, base, shard)) && prepare_insert(self) &&
        exec(self, "BEGIN IMMEDIATE"))
        return true;
    study_store_error(self, error);
    return false;
}

struct study_store *study_store_open(const char *path, const struct study_base *base,
                                     struct study_shard shard, bool anew,
                                     struct dmasim_error *error)
{
    struct study_store *self = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (!self)
        return NULL;
    if (anew && is_study(self)) {
        study_store_close(self);
        if (remove(path) != 0) {
            *error = (struct dmasim_error){.code = DMASIM_IO, .text = "cannot be removed"};
            snprintf(error->file, sizeof error->file, "%s", path);
            return NULL;
        }
        return study_store_open(path, base, shard, false, error);
    }
    self->study = base->study;
    if (ready(self, base, shard, error))
        return self;
    study_store_close(self);
    return NULL;
}

struct study_store *study_store_read(const char *path, struct dmasim_error *error)
{
    struct study_store *self = open_file(path, SQLITE_OPEN_READONLY, error);
    if (!self || is_readable(self))
        return self;
    refuse(self, error,
           is_study(self) ? "it was made by another version of dmasim: sweep the study again%s"
                          : "this is no database of a study%s",
           "");
    study_store_close(self);
    return NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool study_store_keys(struct study_store *self,
                      bool (*each)(void *context, uint64_t point, uint64_t seed), void *context)
{
    sqlite3_stmt *statement = prepare(self, "SELECT point, seed FROM points ORDER BY 1, 2");
    int code = SQLITE_ERROR;
    while (statement && (code = sqlite3_step(statement)) == SQLITE_ROW)
        if (!each(context, (uint64_t)sqlite3_column_int64(statement, 0),
                  (uint64_t)sqlite3_column_int64(statement, 1)))
            break;
    sqlite3_finalize(statement);
    return code == SQLITE_DONE;
}

static void bind_cell(sqlite3_stmt *statement, int at, const struct study_cell *cell)
{
    const int64_t whole =
        cell->there && cell->number < 9e15 && cell->number > -9e15 ? (int64_t)cell->number : 0;
    if (!cell->there)
        sqlite3_bind_null(statement, at);
    else if ((double)whole == cell->number)
        sqlite3_bind_int64(statement, at, whole);
    else
        sqlite3_bind_double(statement, at, cell->number);
}

/* The most that any row has: whoever reads the file can write numbers as summary.csv does. */
static bool note_decimals(struct study_store *self, const struct study_row *row)
{
    bool good = true;
    for (uint32_t i = 0; good && i < self->study->metrics.count; i++) {
        const struct study_cell *cell = &row->cells[i];
        char text[96];
        if (!cell->there || cell->decimals == STUDY_DECIMALS_FREE ||
            cell->decimals < self->decimals[i])
            continue;
        self->decimals[i] = (uint8_t)(cell->decimals + 1);
        snprintf(text, sizeof text,
                 "UPDATE metrics SET decimals = max(ifnull(decimals, 0), %u) WHERE position = %u",
                 cell->decimals, i);
        good = exec(self, text);
    }
    return good;
}

bool study_store_add(struct study_store *self, const struct study_row *row)
{
    const struct study *study = self->study;
    uint32_t choice[STUDY_AXES_MAX];
    int at = 1;
    study_point(study, row->point, choice);
    sqlite3_bind_int64(self->insert, at++, (int64_t)row->point);
    for (uint32_t i = 0; i < study->axis_count; i++)
        sqlite3_bind_text(self->insert, at++, study->axes[i].values[choice[i]].text, -1,
                          SQLITE_STATIC);
    sqlite3_bind_int64(self->insert, at++, (int64_t)row->seed);
    sqlite3_bind_text(self->insert, at++, study_status_names[row->status], -1, SQLITE_STATIC);
    if (row->error[0])
        sqlite3_bind_text(self->insert, at++, row->error, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(self->insert, at++);
    for (uint32_t i = 0; i < study->metrics.count; i++)
        bind_cell(self->insert, at++, &row->cells[i]);
    sqlite3_bind_int(self->insert, at, row->asserted);
    const bool good = sqlite3_step(self->insert) == SQLITE_DONE;
    return sqlite3_reset(self->insert) == SQLITE_OK && good && note_decimals(self, row);
}

bool study_store_commit(struct study_store *self)
{
    return exec(self, "COMMIT") && exec(self, "BEGIN IMMEDIATE");
}

bool study_store_take(struct study_store *self, const char *part_path, struct dmasim_error *error)
{
    static const char other[] =
        "SELECT count(*) FROM main.points JOIN part.points AS p USING (point, seed)";
    static const char equal[] = "SELECT count(*) FROM (SELECT p.* FROM part.points AS p JOIN "
                                "main.points USING (point, seed) "
                                "INTERSECT SELECT * FROM main.points)";
    sqlite3_stmt *attach = NULL;
    bool good = exec(self, "COMMIT") && (attach = prepare(self, "ATTACH ? AS part")) &&
                sqlite3_bind_text(attach, 1, part_path, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(attach) == SQLITE_DONE;
    sqlite3_finalize(attach);
    const bool same = good && integer(self, other) == integer(self, equal);
    if (good && !same)
        refuse(self, error, "%s has other results for points that are here already", part_path);
    good = good && same && exec(self, "BEGIN IMMEDIATE") &&
           exec(self, "INSERT OR IGNORE INTO main.points SELECT * FROM part.points;"
                      "UPDATE metrics SET decimals = (SELECT max(ifnull(metrics.decimals, 0), "
                      "p.decimals) FROM part.metrics AS p WHERE p.position = metrics.position) "
                      "WHERE (SELECT decimals FROM part.metrics AS p WHERE p.position = "
                      "metrics.position) IS NOT NULL") &&
           exec(self, "COMMIT") && exec(self, "DETACH part") && exec(self, "BEGIN IMMEDIATE");
    if (!good && same)
        study_store_error(self, error);
    return good;
}

int64_t study_store_count(struct study_store *self)
{
    return integer(self, "SELECT count(*) FROM points");
}

int64_t study_store_asserted(struct study_store *self)
{
    return integer(self, "SELECT count(*) FROM points WHERE asserted");
}
