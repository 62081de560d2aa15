/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_riscv_iommu_functional: what the specification says of the requests of each row of FOLDER/cases.csv: their
 * addresses, faults and accesses to memory, line by line (traces/golden/riscv_iommu_functional/README.md).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "iommu/iommu_walk.h"
#include "kernel/base.h"
#include "referee/iommu_tables.h"
#include "referee/referee.h"
#include "referee/table_lines.h"

#define FAULT_QUEUE UINT64_C(0x80002000)

struct function_replay {
    struct lines lines;
    struct iommu_tables tables;
    uint32_t request; /* number of the one that is answered */
    uint64_t error_low, error_high;
    enum iommu_walk_status error;
};

static void tell_access(struct function_replay *self, const char *event, uint64_t address,
                        uint32_t bytes, const uint64_t *words, unsigned status)
{
    lines_add(&self->lines, "%" PRIu32 ",%s,0x%" PRIx64 ",%" PRIu32 ",", self->request, event,
              address, bytes);
    for (uint32_t i = 0; i < bytes / 8; i++)
        lines_add(&self->lines, "%s0x%" PRIx64, i ? ":" : "", words[i]);
    lines_add(&self->lines, ",%u", status);
    lines_end(&self->lines);
}

static enum iommu_walk_status read_memory(void *to, uint64_t address, uint32_t bytes,
                                          uint64_t *words)
{
    struct function_replay *self = to;
    for (uint32_t i = 0; i < bytes / 8; i++)
        words[i] = iommu_words_get(&self->tables.memory, address + 8 * i);
    bool wrong = address >= self->error_low && address < self->error_high;
    enum iommu_walk_status status = wrong ? self->error : WALK_GOOD;
    tell_access(self, "RD", address, bytes, words, status);
    return status;
}

static void write_memory(void *to, uint64_t address, uint64_t value)
{
    struct function_replay *self = to;
    tell_access(self, "WR", address, 8, &value, 0);
    iommu_words_put(&self->tables.memory, address, value, false);
}

/* "R,5,10040,105,1": type, device, iova, process id, privileged. */
static bool read_request(const char *text, struct iommu_walk_request *request)
{
    static const char types[] = " XRW";
    char type;
    uint32_t privileged = 0;
    *request = (struct iommu_walk_request){.type = WALK_READ};
    int fields = sscanf(text, "%c,%" SCNx32 ",%" SCNx64 ",%" SCNx32 ",%" SCNx32, &type,
                        &request->device, &request->iova, &request->pid, &privileged);
    const char *at = strchr(types, type);
    request->translated = type == 'r';
    if (fields < 3 || (!request->translated && (!at || at == types)))
        return false;
    if (!request->translated)
        request->type = (uint8_t)(at - types);
    request->has_pid = fields >= 4;
    request->privileged = privileged != 0;
    return true;
}

static void answer_request(struct function_replay *self, const struct iommu_walk_features *features,
                           const char *text, const struct iommu_walk_request *request)
{
    struct lines *lines = &self->lines;
    struct iommu_walk_memory memory = {read_memory, write_memory, self};
    uint64_t ddtp = self->tables.directory >> 12 << 10 | self->tables.mode, record[4];
    lines_add(lines, "%" PRIu32 ",REQ,%c,0x%" PRIx32 ",0x%" PRIx64 ",%s", self->request, text[0],
              request->device, request->iova, request->has_pid ? "pid" : "");
    lines_end(lines);
    if (request->has_pid) {
        lines_add(lines, "%" PRIu32 ",PID,0x%" PRIx32 ",%d,,", self->request, request->pid,
                  request->privileged);
        lines_end(lines);
    }
    struct iommu_walk_answer answer = iommu_walk(features, &memory, ddtp, request);
    if (answer.report) {
        iommu_walk_record(request, &answer, record);
        tell_access(self, "WR", FAULT_QUEUE, sizeof record, record, 0);
        for (uint32_t i = 0; i < COUNT(record); i++)
            iommu_words_put(&self->tables.memory, FAULT_QUEUE + 8 * i, record[i], false);
    }
    if (answer.cause)
        lines_add(lines, "%" PRIu32 ",RSP,1,,,", self->request);
    else
        lines_add(lines, "%" PRIu32 ",RSP,0,0x%" PRIx64 ",0x%" PRIx64 ",%s", self->request,
                  answer.address, answer.size, answer.msi ? "msi" : "");
    lines_end(lines);
    lines_add(lines, "%" PRIu32 ",FQT,%d,,,", self->request, answer.report);
    lines_end(lines);
}

/* Calls for each of the texts that `separator` divides; false if one of them is refused. */
static bool each(struct function_replay *self, const char *text, char separator,
                 bool (*one)(struct function_replay *self, const char *text))
{
    const char ends[] = {separator, '\0'};
    while (*text) {
        char item[256];
        size_t length = strcspn(text, ends);
        if (length >= sizeof item)
            return false;
        memcpy(item, text, length);
        item[length] = '\0';
        if (!one(self, item))
            return false;
        text += length + (text[length] != '\0');
    }
    return true;
}

static bool poke(struct function_replay *self, const char *text)
{
    return iommu_tables_poke(&self->tables, text);
}

static bool request(struct function_replay *self, const char *text)
{
    static const struct iommu_walk_features features[] = {
        {.sv48 = false},
        {.sv48 = true,
         .sv57 = true,
         .hardware_ad = true,
         .msi_flat = true,
         .ats = true,
         .t2gpa = true},
    };
    struct iommu_walk_request asked;
    if (!read_request(text, &asked))
        return false;
    answer_request(self, &features[self->tables.context_bytes == 64], text, &asked);
    self->request++;
    return true;
}

static bool read_errors(struct function_replay *self, const char *text)
{
    unsigned kind;
    if (!*text)
        return true;
    if (sscanf(text, "%u:%" SCNx64 ":%" SCNx64, &kind, &self->error_low, &self->error_high) != 3)
        return false;
    self->error = kind == 1 ? WALK_ACCESS_FAULT : WALK_CORRUPT;
    return true;
}

static void play(struct function_replay *self, const struct table *cases, size_t row)
{
    const struct iommu_tables_texts texts = {
        .mode = (uint32_t)strtoul(table_named(cases, row, "mode"), NULL, 10),
        .extended = table_named(cases, row, "caps")[0] == '1',
        .devices = table_named(cases, row, "devs"),
        .processes = table_named(cases, row, "procs"),
        .msis = table_named(cases, row, "msis"),
        .maps = table_named(cases, row, "maps"),
    };
    lines_add(&self->lines, "req,ev,a,b,c,d");
    lines_end(&self->lines);
    if (!iommu_tables_build(&self->tables, &texts) ||
        !read_errors(self, table_named(cases, row, "err")) ||
        !each(self, table_named(cases, row, "pokes"), ';', poke) ||
        !each(self, table_named(cases, row, "reqs"), ';', request)) {
        lines_refuse(&self->lines, "cannot play it: a column is wrong");
    } else {
        lines_add(&self->lines, "%" PRIu32 ",END,,,,", self->request);
        lines_end(&self->lines);
        lines_over(&self->lines);
    }
    iommu_tables_free(&self->tables);
}

bool referee_riscv_iommu_functional(struct referee *self)
{
    struct table cases;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    for (size_t row = 1; row < cases.rows; row++) {
        struct function_replay *replay = calloc(1, sizeof *replay);
        const char *name = table_named(&cases, row, "case");
        char *expected = lines_read(self->folder, "", name);
        bool good = false;
        if (replay && expected) {
            replay->lines.expected = expected;
            play(replay, &cases, row);
            good = !replay->lines.difference[0];
        }
        self->passed += good;
        self->failed += !good;
        if (!good)
            printf("%s: %s\n", name,
                   replay && expected ? replay->lines.difference : "cannot read its answers");
        free(expected);
        free(replay);
    }
    table_free(&cases);
    return true;
}
