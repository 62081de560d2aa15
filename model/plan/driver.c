/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/driver.h"

/* Groups begin at multiples of this. */
#define ALIGNED(bytes) (((bytes) + 7) & ~(size_t)7)

/* The next one with a group; null at the end. */
static const struct work_driver *next_group(const struct work_driver *const **drivers)
{
    while (*drivers && **drivers) {
        const struct work_driver *driver = *(*drivers)++;
        if (driver->parameters)
            return driver;
    }
    return NULL;
}

static size_t own_rows(const struct component_type *type)
{
    size_t rows = 0;
    while (type->parameters && type->parameters[rows].name)
        rows++;
    return rows;
}

size_t driver_config_bytes(const struct component_type *type,
                           const struct work_driver *const *drivers)
{
    size_t bytes = ALIGNED(type->config_bytes);
    const struct work_driver *driver;
    while (type->call && (driver = next_group(&drivers)))
        bytes += ALIGNED(driver->config_bytes);
    return bytes;
}

size_t driver_table_rows(const struct component_type *type,
                         const struct work_driver *const *drivers)
{
    size_t rows = own_rows(type) + 1;
    while (type->call && next_group(&drivers))
        rows++;
    return rows;
}

void driver_table(const struct component_type *type, const struct work_driver *const *drivers,
                  struct parameter *rows)
{
    const size_t own = own_rows(type);
    size_t offset = ALIGNED(type->config_bytes);
    const struct work_driver *driver;
    for (size_t i = 0; i < own; i++)
        *rows++ = type->parameters[i];
    while (type->call && (driver = next_group(&drivers))) {
        *rows++ = (struct parameter){.name = driver->name,
                                     .kind = PARAMETER_GROUP,
                                     .offset = offset,
                                     .sub = driver->parameters,
                                     .doc = driver->doc};
        offset += ALIGNED(driver->config_bytes);
    }
    *rows = (struct parameter){.name = NULL};
}

const void *driver_group(const struct plan *plan, const struct component *call,
                         const struct work_driver *driver)
{
    const struct work_driver *const *drivers = plan->drivers;
    size_t offset = ALIGNED(call->type->config_bytes);
    const struct work_driver *other;
    while ((other = next_group(&drivers)) && other != driver)
        offset += ALIGNED(other->config_bytes);
    return other ? (const char *)call->config + offset : NULL;
}
