/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_scenario: any bytes as a scenario. Nothing may crash; what is accepted must survive being
 * written and read again, with the same bytes.
 *
 *     clang -fsanitize=fuzzer,address,undefined ... fuzz_scenario.c; ./fuzz_scenario corpus/
 *
 * Leading lines "#set path=value" are overrides. With FUZZ_FAKE_TYPES the list of types is the one
 * of the tests, and only scenario/ is fuzzed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef FUZZ_FAKE_TYPES
#include "fake_types.h"
#define TYPES fake_types
#define LOAD scenario_build_text
#else
#include "scenario/scenario.h"
#define TYPES NULL
#define LOAD scenario_load_text
#endif

#define OVERRIDES_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *context, const struct dmasim_error *error)
{
    (void)context;
    if (!error->text[0])
        abort(); /* an error says something */
}

static char *resolve(const struct scenario *scenario, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        abort();
    scenario_write_resolved(scenario, NULL, out);
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "#set ";
    char *lines[OVERRIDES_MAX];
    size_t count = 0, start = 0;
    while (count < OVERRIDES_MAX && size - start > sizeof mark &&
           !memcmp(data + start, mark, sizeof mark - 1)) {
        const uint8_t *from = data + start + sizeof mark - 1;
        const uint8_t *end = memchr(from, '\n', size - (size_t)(from - data));
        if (!end)
            break;
        lines[count++] = strndup((const char *)from, (size_t)(end - from));
        start = (size_t)(end - data) + 1;
    }
    const char *overrides[OVERRIDES_MAX];
    for (size_t i = 0; i < count; i++)
        overrides[i] = lines[i];

    struct scenario *scenario;
    struct scenario_options options = {
        .types = TYPES, .overrides = overrides, .override_count = count, .report = ignore};
    int code =
        LOAD((const char *)data + start, size - start, "fuzz.yaml", NULL, &options, &scenario);
    if ((code == DMASIM_OK) != (scenario != NULL))
        abort();
    if (scenario) {
        size_t length, again_length;
        char *text = resolve(scenario, &length);
        scenario_free(scenario);
        options.override_count = 0;
        if (LOAD(text, length, "fuzz.yaml", NULL, &options, &scenario) != DMASIM_OK) {
            fprintf(stderr, "the resolved form is refused:\n%s", text);
            abort();
        }
        char *again = resolve(scenario, &again_length);
        if (length != again_length || memcmp(text, again, length) != 0)
            abort();
        scenario_free(scenario);
        free(text);
        free(again);
    }
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    return 0;
}
