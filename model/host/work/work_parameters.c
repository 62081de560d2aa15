/* SPDX-License-Identifier: BSD-2-Clause */
/* work_parameters: what a scenario may say in an entry of `work`. */
#include "host/work/work.h"

#define ADDRESS_PARAMETER(type, member, text)                                                      \
    {                                                                                              \
        .name = #member, .kind = PARAMETER_ADDRESS, .flags = PARAMETER_REQUIRED,                   \
        PARAMETER_AT(type, member), .doc = (text)                                                  \
    }
#define BYTES_PARAMETER(type, key, member, flag, first, least, most, text)                         \
    {                                                                                              \
        .name = (key), .kind = PARAMETER_BYTES, .flags = (flag), PARAMETER_AT(type, member),       \
        .initial = (first), .min = (least), .max = (most), .doc = (text)                           \
    }

#define GIB (UINT64_C(1) << 30)

const char *const work_op_names[] = {[WORK_WRITE] = "write",
                                     [WORK_READ] = "read",
                                     [WORK_POLL] = "poll",
                                     [WORK_EXPECT] = "expect",
                                     [WORK_DELAY] = "delay",
                                     [WORK_AT] = "at",
                                     [WORK_WAIT_INTERRUPT] = "wait_interrupt",
                                     [WORK_TERMINATE] = "terminate",
                                     [WORK_ALLOC_COHERENT] = "alloc_coherent",
                                     [WORK_ALLOC_NONCOHERENT] = "alloc_noncoherent",
                                     [WORK_MAP_SINGLE] = "map_single",
                                     [WORK_MAP_PAGE] = "map_page",
                                     [WORK_MAP_SG] = "map_sg",
                                     [WORK_MAPPING_ERROR] = "mapping_error",
                                     [WORK_SYNC_FOR_CPU] = "sync_for_cpu",
                                     [WORK_SYNC_FOR_DEVICE] = "sync_for_device",
                                     [WORK_UNMAP_SINGLE] = "unmap_single",
                                     [WORK_UNMAP_PAGE] = "unmap_page",
                                     [WORK_UNMAP_SG] = "unmap_sg",
                                     [WORK_FREE_COHERENT] = "free_coherent",
                                     [WORK_FREE_NONCOHERENT] = "free_noncoherent",
                                     [WORK_POOL_CREATE] = "pool_create",
                                     [WORK_POOL_ALLOC] = "pool_alloc",
                                     [WORK_POOL_FREE] = "pool_free",
                                     [WORK_POOL_DESTROY] = "pool_destroy",
                                     [WORK_DMA_MASK] = "dma_mask",
                                     NULL};

static const char *const direction_names[] = {[WORK_NO_DIRECTION] = "none",
                                              [WORK_TO_DEVICE] = "to_device",
                                              [WORK_FROM_DEVICE] = "from_device",
                                              [WORK_BIDIRECTIONAL] = "bidirectional",
                                              NULL};

static const char *const mapping_kinds[] = {[WORK_MAPPING_USUAL] = "usual",
                                            [WORK_MAPPING_STREAMING] = "streaming",
                                            [WORK_MAPPING_COHERENT] = "coherent",
                                            NULL};

#define LEFT_OUT_PARAMETER(member, text)                                                           \
    {                                                                                              \
        .name = #member, .kind = PARAMETER_BOOL, PARAMETER_AT(work_mapping_config, member),        \
        .initial = true, .doc = (text)                                                             \
    }

static const struct parameter mapping_parameters[] = {
    {.name = "kind",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(work_mapping_config, kind),
     .names = mapping_kinds,
     .doc =
         "streaming: mapped before each round, unmapped behind it; coherent: allocated before the "
         "first and freed behind the last; usual: coherent for cyclic, else streaming."},
    {.name = "keep",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(work_mapping_config, keep),
     .doc = "A streaming buffer is mapped once, for all rounds, and synced in between."},
    LEFT_OUT_PARAMETER(map, "false: its buffers are not mapped."),
    LEFT_OUT_PARAMETER(unmap, "false: they are not unmapped."),
    LEFT_OUT_PARAMETER(check, "false: it does not ask whether mapping failed."),
    LEFT_OUT_PARAMETER(sync_for_cpu,
                       "false: what came is not synced for the CPU, where it has to be."),
    LEFT_OUT_PARAMETER(sync_for_device, "false: the buffer is not synced for the device again."),
    {.name = NULL},
};

#define TURN_PARAMETERS(type, at_member, after_member, repeat_member)                              \
    {.name = "at",                                                                                 \
     .kind = PARAMETER_TIME,                                                                       \
     PARAMETER_AT(type, at_member),                                                                \
     .max = PARAMETER_TIME_MAX,                                                                    \
     .doc = "When it is submitted, at the earliest."},                                             \
        {.name = "after",                                                                          \
         .kind = PARAMETER_REFERENCE,                                                              \
         .refers = REFERS_WORK,                                                                    \
         PARAMETER_AT(type, after_member),                                                         \
         .initial = UINT32_MAX,                                                                    \
         .doc = "Entry of work after whose end it is submitted; none: it waits for `at` only."},   \
    {                                                                                              \
        .name = "repeat", .kind = PARAMETER_UINT, PARAMETER_AT(type, repeat_member), .initial = 1, \
        .min = 1, .max = 1000000000, .doc = "How often it is done, one after the other."           \
    }

#define COMMON_PARAMETERS                                                                          \
    {.name = "cpu",                                                                                \
     .kind = PARAMETER_REFERENCE,                                                                  \
     .refers = REFERS_CPU,                                                                         \
     PARAMETER_AT(work_common, cpu),                                                               \
     .initial = UINT16_MAX,                                                                        \
     .doc = "CPU that runs it; none: the one that takes the controller's interrupt."},             \
        {.name = "controller",                                                                     \
         .kind = PARAMETER_REFERENCE,                                                              \
         .refers = REFERS_CONTROLLER,                                                              \
         PARAMETER_AT(work_common, controller),                                                    \
         .initial = UINT16_MAX,                                                                    \
         .doc = "DMA controller; none: the only one there is."},                                   \
        {.name = "channel",                                                                        \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(work_common, channel),                                                       \
         .max = UINT8_MAX,                                                                         \
         .doc = "Channel of the controller."},                                                     \
        {.name = "mode",                                                                           \
         .kind = PARAMETER_ENUM,                                                                   \
         PARAMETER_AT(work_common, mode),                                                          \
         .names = work_mode_names,                                                                 \
         .doc = "burst (long bursts), cycle_stealing (one beat a grant), demand (as the "          \
                "peripheral asks), linked_list (a chain of descriptors)."},                        \
        TURN_PARAMETERS(work_common, at_ps, after, repeat),                                        \
        {.name = "timeout",                                                                        \
         .kind = PARAMETER_TIME,                                                                   \
         PARAMETER_AT(work_common, timeout_ps),                                                    \
         .max = PARAMETER_TIME_MAX,                                                                \
         .doc = "Time after its start at which its client pauses it, reads how far it came, and "  \
                "ends it: its row is `stopped` with the bytes it got. 0: never."},                 \
        {.name = "mapping",                                                                        \
         .kind = PARAMETER_GROUP,                                                                  \
         PARAMETER_AT(work_common, mapping),                                                       \
         .sub = mapping_parameters,                                                                \
         .doc = "How it maps its buffers, on a CPU with `mappings`; any of it can be left out."},  \
        {.name = "burst",                                                                          \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(work_common, burst),                                                         \
         .max = 256,                                                                               \
         .doc = "Items of a burst transaction: 1, 4, 8 ... 256; 0 means 16, or the peripheral's "  \
                "threshold, as far as the FIFO allows."},                                          \
    {                                                                                              \
        .name = "width_bits", .kind = PARAMETER_UINT, PARAMETER_AT(work_common, width_bits),       \
        .max = 1024,                                                                               \
        .doc = "Bits of a memory item; 0 means the widest that bus, addresses and length let."     \
    }

#define PERIPHERAL_PARAMETER(type)                                                                 \
    {                                                                                              \
        .name = "peripheral", .kind = PARAMETER_REFERENCE, .flags = PARAMETER_REQUIRED,            \
        .refers = REFERS_PERIPHERAL, PARAMETER_AT(type, peripheral),                               \
        .doc = "Peripheral at the other end; its direction is that of the transfer."               \
    }

const struct parameter memcpy_parameters[] = {
    ADDRESS_PARAMETER(memcpy_config, from, "First source address."),
    ADDRESS_PARAMETER(memcpy_config, to, "First destination address."),
    BYTES_PARAMETER(memcpy_config, "bytes", bytes, PARAMETER_REQUIRED, 0, 1, GIB, "Length."),
    BYTES_PARAMETER(memcpy_config, "segment_bytes", segment_bytes, 0, 1024, 1, GIB,
                    "Length that one descriptor moves, with `mode: linked_list`."),
    COMMON_PARAMETERS,
    {.name = NULL},
};

static const struct parameter segment_parameters[] = {
    ADDRESS_PARAMETER(work_segment, address, "First address."),
    BYTES_PARAMETER(work_segment, "bytes", bytes, PARAMETER_REQUIRED, 0, 1, GIB, "Length."),
    {.name = NULL},
};

const struct parameter slave_sg_parameters[] = {
    PERIPHERAL_PARAMETER(slave_sg_config),
    {.name = "segments",
     .kind = PARAMETER_LIST,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(slave_sg_config, segments),
     .sub = segment_parameters,
     .item_bytes = sizeof(struct work_segment),
     .doc = "Stretches of memory, in order."},
    COMMON_PARAMETERS,
    {.name = NULL},
};

const struct parameter cyclic_parameters[] = {
    PERIPHERAL_PARAMETER(cyclic_config),
    ADDRESS_PARAMETER(cyclic_config, buffer, "First address of the ring buffer."),
    BYTES_PARAMETER(cyclic_config, "bytes", bytes, PARAMETER_REQUIRED, 0, 1, GIB,
                    "Length of the buffer."),
    BYTES_PARAMETER(cyclic_config, "period_bytes", period_bytes, PARAMETER_REQUIRED, 0, 1, GIB,
                    "Length of a period; divides `bytes`."),
    {.name = "periods",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cyclic_config, periods),
     .initial = 4,
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Period interrupts after which it is stopped."},
    COMMON_PARAMETERS,
    {.name = NULL},
};

const struct parameter interleaved_parameters[] = {
    ADDRESS_PARAMETER(interleaved_config, from, "Address of the first chunk."),
    ADDRESS_PARAMETER(interleaved_config, to, "Where the first chunk goes."),
    BYTES_PARAMETER(interleaved_config, "chunk_bytes", chunk_bytes, PARAMETER_REQUIRED, 0, 1, GIB,
                    "Length of a chunk."),
    {.name = "frames",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(interleaved_config, frames),
     .min = 1,
     .max = 1u << 20,
     .doc = "Number of chunks."},
    BYTES_PARAMETER(interleaved_config, "source_gap", source_gap, 0, 0, 0, GIB,
                    "Bytes left out between two chunks of the source."),
    BYTES_PARAMETER(interleaved_config, "destination_gap", destination_gap, 0, 0, 0, GIB,
                    "Bytes left out between two chunks of the destination."),
    COMMON_PARAMETERS,
    {.name = NULL},
};

static const struct parameter step_parameters[] = {
    {.name = "op",
     .kind = PARAMETER_ENUM,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(work_step, op),
     .names = work_op_names,
     .doc =
         "write, read, poll (read until it is `value`), expect (read once; another value is an "
         "error), delay (for `time`), at (until `time`), wait_interrupt (of `to`), terminate (the "
         "call `to`, as its `timeout` does; goes on once it has ended); of the DMA API, on a CPU "
         "with "
         "`mappings`: alloc_coherent, alloc_noncoherent, map_single, map_page, map_sg, "
         "mapping_error "
         "(asks whether the mapping failed), sync_for_cpu, sync_for_device, unmap_single, "
         "unmap_page, unmap_sg, free_coherent, free_noncoherent, dma_mask (of `value`); "
         "pool_create (coherent memory in blocks of `value` bytes), pool_alloc and "
         "pool_free (of the block at `to`), pool_destroy."},
    {.name = "to",
     .kind = PARAMETER_TEXT,
     PARAMETER_AT(work_step, to),
     .doc =
         "Address: a register (dma.CH0_SAR), a number, or a region and an offset (ram + 0x40); or "
         "what wait_interrupt and terminate name."},
    {.name = "value",
     .kind = PARAMETER_TEXT,
     PARAMETER_AT(work_step, value),
     .doc = "A number, an address, or fields of the register (INT_EN | SRC_TR_WIDTH=2)."},
    {.name = "mask",
     .kind = PARAMETER_TEXT,
     PARAMETER_AT(work_step, mask),
     .doc =
         "Bits that poll and expect compare; not given: those of the fields named in `value`, else "
         "all."},
    {.name = "time",
     .kind = PARAMETER_TIME,
     PARAMETER_AT(work_step, time_ps),
     .max = PARAMETER_TIME_MAX,
     .doc = "Length of delay, time of at, pause between the reads of poll."},
    {.name = "width_bits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(work_step, width_bits),
     .initial = 32,
     .min = 8,
     .max = 32,
     .doc = "Bits of the access: 8, 16 or 32."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(work_step, bytes),
     .max = GIB,
     .doc = "Of the DMA API: length of the buffer at `to`, or of the part that is synced."},
    {.name = "segments",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(work_step, segments),
     .sub = segment_parameters,
     .item_bytes = sizeof(struct work_segment),
     .doc = "Of the DMA API: entries of a scatter list, instead of `to` and `bytes`."},
    {.name = "direction",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(work_step, direction),
     .names = direction_names,
     .doc = "Of the DMA API: to_device, from_device or bidirectional."},
    {.name = "device",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(work_step, device),
     .initial = UINT16_MAX,
     .doc = "Of the DMA API: the controller; none: the only one there is."},
    {.name = "handle",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(work_step, handle),
     .doc = "write: `value` is an address of a buffer; what is written is where `device` has it, "
            "which is elsewhere with a bounce buffer."},
    {.name = NULL},
};

const struct parameter program_parameters[] = {
    {.name = "cpu",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CPU,
     PARAMETER_AT(program_config, cpu),
     .initial = UINT16_MAX,
     .doc = "CPU that runs it; none: the first."},
    TURN_PARAMETERS(program_config, at_ps, after, repeat),
    {.name = "steps",
     .kind = PARAMETER_LIST,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(program_config, steps),
     .sub = step_parameters,
     .item_bytes = sizeof(struct work_step),
     .doc = "What it does, in order."},
    {.name = NULL},
};
