/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_study: any bytes as a study. What is accepted has points, and each of them values for all axes; what
 * is not has an error that says something.
 */
#include <stdint.h>
#include <stdlib.h>

#include "study/point.h"
#include "study/points.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *context, const struct dmasim_error *error)
{
    if (!error->text[0])
        abort();
    ++*(unsigned *)context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned errors = 0;
    struct study *study = study_read_text((const char *)data, size, "fuzz.yaml", hear, &errors);
    if (!study) {
        if (errors == 0)
            abort();
        return 0;
    }
    const uint64_t points = study_points(study);
    for (uint64_t i = 0; i < 64; i++) {
        const uint64_t point = i < 32 ? i % points : points - 1 - (i - 32) % points;
        uint32_t choice[STUDY_AXES_MAX];
        struct arena arena = {0};
        const char *overrides[256];
        study_point(study, point, choice);
        for (uint32_t k = 0; k < study->axis_count; k++)
            if (choice[k] >= study->axes[k].value_count)
                abort();
        study_point_wanted(study, point);
        study_point_overrides(study, point, &arena, overrides, 256);
        arena_free(&arena);
    }
    study_free(study);
    return 0;
}
