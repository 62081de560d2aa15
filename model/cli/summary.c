/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/options.h"
#include "scenario/text_file.h"

#define SUMMARY_MAX (64u * 1024u * 1024u)

/* Cuts a line into its three cells; names of figures may be quoted. False if it has another form. */
static bool cut(char *line, char *cells[3])
{
    for (int i = 0; i < 3; i++) {
        char *to = line, *from = line;
        cells[i] = line;
        if (*from == '"') {
            for (from++; *from && !(*from == '"' && from[1] != '"'); from++) {
                from += *from == '"';
                *to++ = *from;
            }
            if (*from++ != '"')
                return false;
        } else {
            to = from += strcspn(from, ",");
        }
        const char end = *from;
        *to = '\0';
        line = from + 1;
        if (i < 2 ? end != ',' : end != '\0')
            return false;
    }
    return true;
}

/* Summaries have printable ASCII in their cells; anything else might do something to a terminal. */
static bool readable(char *const cells[3])
{
    for (int i = 0; i < 3; i++)
        for (const char *at = cells[i]; *at; at++)
            if (*at < ' ' || *at > '~')
                return false;
    return true;
}

static char *fail(const char *path, int line, const char *text)
{
    struct dmasim_error error = {.code = DMASIM_INVALID, .line = line, .column = line ? 1 : 0};
    snprintf(error.file, sizeof error.file, "%.1000s", path);
    snprintf(error.text, sizeof error.text, "%s", text);
    cli_print_error(NULL, &error);
    return NULL;
}

/* Null if a line is none of a summary, with its number and the fault. */
static const char *read_lines(char *text, summary_each *each, void *context, int *number)
{
    *number = 0;
    for (char *line = text, *next; line && *line; line = next) {
        char *cells[3];
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        ++*number;
        if (!cut(line, cells) || !readable(cells))
            return "this is no summary: a line is metric,value,unit";
        if (*number == 1) {
            if (strcmp(cells[0], "metric") != 0)
                return "this is no summary: its first line is metric,value,unit";
            continue;
        }
        const struct summary_row row = {cells[0], cells[1], cells[2], (size_t)*number - 2};
        if (!each(context, &row)) {
            *number = 0;
            return "out of memory";
        }
    }
    return *number ? NULL : "the file is empty";
}

char *summary_read(const char *results, summary_each *each, void *context)
{
    char path[4096];
    struct dmasim_error error;
    struct stat status;
    size_t length;
    int number;
    const bool folder = stat(results, &status) == 0 && S_ISDIR(status.st_mode);
    snprintf(path, sizeof path, "%s%s", results, folder ? "/summary.csv" : "");
    char *text = text_file_load(path, SUMMARY_MAX, &length, &error);
    if (!text) {
        cli_print_error(NULL, &error);
        return NULL;
    }
    const char *wrong = read_lines(text, each, context, &number);
    if (!wrong)
        return text;
    free(text);
    return fail(path, number, wrong);
}
