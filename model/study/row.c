/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/row.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

void study_number_print(char text[STUDY_NUMBER_ROOM], double value, int decimals)
{
    if (decimals >= 0)
        snprintf(text, STUDY_NUMBER_ROOM, "%.*f", decimals, value);
    for (int digits = 15; decimals < 0 && digits <= 17; digits++) {
        snprintf(text, STUDY_NUMBER_ROOM, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
}

/* The row, ready to be read. */
static sqlite3_stmt *select_row(sqlite3 *db, uint64_t point, const uint64_t *seed)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(db,
                           "SELECT * FROM points WHERE point = ?1 AND (?2 IS NULL OR seed = ?2) "
                           "ORDER BY seed LIMIT 1",
                           -1, &row, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_int64(row, 1, (int64_t)point);
    if (seed)
        sqlite3_bind_int64(row, 2, (int64_t)*seed);
    return row;
}

/* The column of a name; -1 if there is none. */
static int column_of(sqlite3_stmt *row, const char *name)
{
    for (int i = 0; i < sqlite3_column_count(row); i++)
        if (sqlite3_stricmp(sqlite3_column_name(row, i), name) == 0)
            return i;
    return -1;
}

enum study_found study_row_read(struct study_store *store, uint64_t point, const uint64_t *seed,
                                bool (*each)(void *context, const char *name, const char *value,
                                             size_t position),
                                void *context)
{
    sqlite3 *db = study_store_handle(store);
    sqlite3_stmt *row = select_row(db, point, seed), *metrics = NULL;
    enum study_found found = STUDY_ROW_ERROR;
    const int code = row ? sqlite3_step(row) : SQLITE_ERROR;
    if (code == SQLITE_DONE)
        found = STUDY_NO_ROW;
    if (code == SQLITE_ROW &&
        sqlite3_prepare_v2(db,
                           "SELECT name, ifnull(decimals, -1), position FROM metrics "
                           "ORDER BY position",
                           -1, &metrics, NULL) == SQLITE_OK)
        found = STUDY_FOUND;
    while (found == STUDY_FOUND && sqlite3_step(metrics) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(metrics, 0);
        const int at = name ? column_of(row, name) : -1;
        char text[STUDY_NUMBER_ROOM];
        if (at < 0 || sqlite3_column_type(row, at) == SQLITE_NULL)
            continue;
        study_number_print(text, sqlite3_column_double(row, at), sqlite3_column_int(metrics, 1));
        if (!each(context, name, text, (size_t)sqlite3_column_int(metrics, 2)))
            found = STUDY_ROW_ERROR;
    }
    sqlite3_finalize(metrics);
    sqlite3_finalize(row);
    return found;
}
