/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_riscv_iommu: plays every row of FOLDER/cases.csv on the RISC-V IOMMU, from the row alone, and compares its
 * trace line by line with FOLDER/<folder>/<case>.csv (traces/golden/riscv_iommu/README.md).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/iommu_bench.h"
#include "referee/referee.h"
#include "referee/table_lines.h"

enum { CYCLES_MAX = 10000000 };

static void hear(void *to, uint64_t cycle, const struct iommu_bench_row *row)
{
    const struct {
        uint64_t value;
        uint32_t cell;
        bool hex;
    } cells[] = {
        {row->id, CELL_ID, false},
        {row->address, CELL_ADDRESS, true},
        {row->length, CELL_LENGTH, false},
        {row->response, CELL_RESPONSE, false},
        {row->value, CELL_VALUE, !row->decimal},
        {row->since, CELL_SINCE, false},
    };
    struct lines *lines = to;
    lines_add(lines, "%" PRIu64 ",%s", cycle, row->event);
    for (size_t i = 0; i < COUNT(cells); i++) {
        if (!(row->cells & cells[i].cell))
            lines_add(lines, ",");
        else
            lines_add(lines, cells[i].hex ? ",0x%" PRIx64 : ",%" PRIu64, cells[i].value);
    }
    lines_end(lines);
}

static uint32_t number(const struct table *cases, size_t row, const char *column)
{
    return (uint32_t)strtoul(table_named(cases, row, column), NULL, 10);
}

static bool is_power(uint32_t number, uint32_t most)
{
    return number >= 2 && number <= most && !(number & (number - 1));
}

static bool read_case(const struct table *cases, size_t row, struct iommu_bench_case *of)
{
    *of = (struct iommu_bench_case){
        .config = {.iotlb = number(cases, row, "iotlb"),
                   .ddtc = number(cases, row, "ddtc"),
                   .counters = number(cases, row, "hpm"),
                   .boundary = number(cases, row, "bc") != 0},
        .read_latency = number(cases, row, "rlat"),
        .write_latency = number(cases, row, "blat"),
        .completion_read_latency = number(cases, row, "crlat"),
        .completion_write_latency = number(cases, row, "cblat"),
        .completion_ready = number(cases, row, "crdy"),
        .table_ready = number(cases, row, "srdy"),
        .mode = number(cases, row, "mode"),
        .devices = table_named(cases, row, "devs"),
        .maps = table_named(cases, row, "maps"),
        .options = table_named(cases, row, "opts"),
        .script = table_named(cases, row, "script"),
    };
    return is_power(of->config.iotlb, IOMMU_IOTLB_MAX) &&
           is_power(of->config.ddtc, IOMMU_DDTC_MAX) && of->config.counters <= IOMMU_COUNTERS_MAX;
}

static void play(struct lines *lines, const struct table *cases, size_t row)
{
    struct iommu_bench_case from;
    struct iommu_bench *bench = read_case(cases, row, &from) ? iommu_bench_new(&from) : NULL;
    if (!bench) {
        lines_refuse(lines, "cannot play it: a column is wrong");
        return;
    }
    lines_add(lines, "cycle,ev,id,addr,len,resp,val,since");
    lines_end(lines);
    uint64_t cycles = 0;
    while (!lines->difference[0] && cycles++ < CYCLES_MAX && iommu_bench_cycle(bench, hear, lines))
        ;
    lines_over(lines);
    iommu_bench_free(bench);
}

bool referee_riscv_iommu(struct referee *self)
{
    struct table cases;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    for (size_t row = 1; row < cases.rows; row++) {
        const char *folder = table_named(&cases, row, "folder"),
                   *name = table_named(&cases, row, "case");
        char *expected = lines_read(self->folder, folder, name);
        struct lines lines = {.expected = expected};
        if (expected)
            play(&lines, &cases, row);
        else
            lines_refuse(&lines, "cannot read its trace");
        free(expected);
        bool good = !lines.difference[0];
        self->passed += good;
        self->failed += !good;
        if (!good)
            printf("%s/%s: %s\n", folder, name, lines.difference);
    }
    table_free(&cases);
    return true;
}
