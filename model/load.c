/* SPDX-License-Identifier: BSD-2-Clause */
/* load: the face of scenario/, with the simulator's own list of types as default. Apart from the
 * rest, so that the rest can be linked and tested with any other list. */
#include "scenario/internal.h"
#include "system.h"

static struct scenario_options with_types(const struct scenario_options *options)
{
    struct scenario_options result = options ? *options : (struct scenario_options){0};
    if (!result.types)
        result.types = component_types;
    if (!result.drivers)
        result.drivers = work_drivers;
    return result;
}

int scenario_load(const char *path, const struct scenario_options *options, struct scenario **out)
{
    struct scenario_options all = with_types(options);
    return scenario_build_file(path, &all, out);
}

int scenario_load_text(const char *text, size_t length, const char *name, const char *directory,
                       const struct scenario_options *options, struct scenario **out)
{
    struct scenario_options all = with_types(options);
    return scenario_build_text(text, length, name, directory, &all, out);
}

void scenario_write_schema(const struct component_type *const *types, FILE *out)
{
    schema_write(types ? types : component_types, types ? NULL : work_drivers, out);
}

void scenario_write_reference(const struct component_type *const *types, FILE *out)
{
    reference_write(types ? types : component_types, types ? NULL : work_drivers, out);
}
