/* SPDX-License-Identifier: BSD-2-Clause */
/* run_results: see run_results.h. */
#include "cli/run_results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

static bool write_stream(void *context, const char *text, size_t length)
{
    return fwrite(text, 1, length, context) == length;
}

static bool write_resolved(const struct dmasim *sim, const char *directory)
{
    struct dmasim_error error = {.code = DMASIM_MEMORY, .text = "out of memory"};
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    bool good = memory && dmasim_write_resolved(sim, directory, write_stream, memory) == DMASIM_OK;
    good = memory && fclose(memory) == 0 && good &&
           dmasim_write_file(sim, directory, "scenario.resolved.yaml", text, length, &error) ==
               DMASIM_OK;
    if (!good)
        cli_print_error(NULL, &error);
    free(text);
    return good;
}

/* That the results are those of a run that was interrupted. */
static bool write_mark(const struct dmasim *sim, const char *directory, const char *by)
{
    struct dmasim_error error;
    char text[160];
    const int length =
        snprintf(text, sizeof text, "interrupted by %s at %.3f us: the results end there\n", by,
                 (double)dmasim_now(sim) * 1e-6);
    if (dmasim_write_file(sim, directory, "interrupted.txt", text, (size_t)length, &error) ==
        DMASIM_OK)
        return true;
    cli_print_error(NULL, &error);
    return false;
}

bool run_results_claim(struct dmasim *sim, const char *wanted, bool force,
                       char directory[RUN_DIRECTORY])
{
    const int length = wanted ? snprintf(directory, RUN_DIRECTORY, "%s", wanted)
                              : snprintf(directory, RUN_DIRECTORY, "out/%s", dmasim_name(sim));
    if (length <= 0 || length >= RUN_DIRECTORY) {
        fputs("dmasim: error: -o takes the name of a folder\n", stderr);
        return false;
    }
    const struct dmasim_results_options options = {.force = force, .no_links = !wanted};
    struct dmasim_error error;
    if (dmasim_results_begin(sim, directory, &options, &error) != DMASIM_OK) {
        cli_print_error(NULL, &error);
        return false;
    }
    return true;
}

bool run_results_write(struct dmasim *sim, const char *directory, const char *by)
{
    struct dmasim_error error = {.code = DMASIM_OK};
    if (dmasim_write_outputs(sim, directory, &error) != DMASIM_OK) {
        cli_print_error(NULL, &error);
        return false;
    }
    if (!write_resolved(sim, directory) || (by && !write_mark(sim, directory, by)))
        return false;
    if (dmasim_results_end(sim, &error) != DMASIM_OK) {
        cli_print_error(NULL, &error);
        return false;
    }
    return true;
}

void run_results_line(const char *scenario)
{
    cli_put(stderr, strcmp(scenario, "-") ? scenario : "stdin");
    fputs(": ", stderr);
}

void run_results_errata(const struct dmasim *sim, const char *scenario)
{
    struct dmasim_erratum erratum;
    for (size_t i = 0; dmasim_erratum(sim, i, &erratum) == DMASIM_OK; i++) {
        run_results_line(scenario);
        fprintf(stderr, "erratum %u of %s: %s, at cycle %" PRIu64, erratum.number,
                erratum.component, erratum.text, erratum.first_cycle);
        if (erratum.strikes > 1)
            fprintf(stderr, " and %" PRIu64 " times more", erratum.strikes - 1);
        fputs("\n", stderr);
    }
}
