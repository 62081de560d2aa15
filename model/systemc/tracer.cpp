// SPDX-License-Identifier: BSD-2-Clause
//
// tracer: probes of the model as variables of a SystemC trace file.
//
// Timing
//   As in dmasim's own VCD: wires that settle in cycle n show from the edge that ends it, registers that a unit writes at
// that edge from the next edge on. So what stands at one time in the file is what one edge has sampled.
//
// The file looks at variables when SystemC's time goes on. So the thread stops at each time at which the model steps, and at
// those at which a register shows: the model is never ahead while it is traced.
#include "model.h"

#include <algorithm>

namespace dmasim::detail
{

struct tracer::signal {
    size_t field;
    unsigned width;
    sc_dt::uint64 value = 0;                 // up to 64 bits
    std::unique_ptr<sc_dt::sc_bv_base> wide; // more
};

struct tracer::probe {
    tracer *owner;
    bool registered;
    uint64_t period_ps;
    std::vector<std::unique_ptr<signal>> signals;
    size_t bytes = 0; // of a record: 8 for each signal, or what it needs
};

// A record of registers that shows later.
struct tracer::record {
    uint64_t ps;
    probe *of;
    std::vector<uint8_t> bytes;
};

tracer::tracer(dmasim_simulation *sim) : sim_(sim)
{
}

tracer::~tracer() = default;

static uint64_t period_of(dmasim_simulation *sim, const char *clock)
{
    struct dmasim_component component;
    for (size_t i = 0; dmasim_component(sim, i, &component) == DMASIM_OK; i++)
        if (component.clock && std::string(component.clock) == clock)
            return component.period_ps;
    return 0;
}

size_t tracer::add(sc_core::sc_trace_file *file, const std::string &module,
                   const std::string &scope)
{
    struct dmasim_probe found;
    size_t count = 0;
    for (size_t index = 0; dmasim_probe(sim_, index, &found) == DMASIM_OK; index++) {
        const std::string name = found.name, kind = found.kind;
        if (kind == "event" || name.compare(0, scope.size(), scope) != 0 ||
            (!scope.empty() && name.size() > scope.size() && name[scope.size()] != '.'))
            continue;
        auto made = std::make_unique<probe>();
        made->owner = this;
        made->registered = kind == "registered";
        made->period_ps = period_of(sim_, found.clock);
        struct dmasim_field field;
        for (size_t i = 0; dmasim_probe_field(sim_, index, i, &field) == DMASIM_OK; i++) {
            if (field.width_bits == 0)
                continue;
            auto one = std::make_unique<signal>();
            one->field = i;
            one->width = field.width_bits;
            const std::string label = module + "." + name + "." + field.name;
            if (one->width > 64) {
                one->wide = std::make_unique<sc_dt::sc_bv_base>(static_cast<int>(one->width));
                sc_core::sc_trace(file, *one->wide, label);
            } else {
                sc_core::sc_trace(file, one->value, label, static_cast<int>(one->width));
            }
            made->bytes += one->width > 64 ? (one->width + 7) / 8 : 8;
            made->signals.push_back(std::move(one));
        }
        if (made->signals.empty())
            continue;
        const int code = dmasim_watch_probe(sim_, index, on_record, made.get());
        if (code != DMASIM_OK)
            throw dmasim::error(code, code == DMASIM_PAST
                                          ? "probes are traced from the start or not at all"
                                          : dmasim_code_text(code));
        count += made->signals.size();
        probes_.push_back(std::move(made));
    }
    return count;
}

void tracer::show(probe &of, const uint8_t *bytes)
{
    for (const auto &each : of.signals) {
        if (each->width <= 64) {
            each->value = 0;
            for (unsigned i = 0; i < 8; i++)
                each->value |= static_cast<sc_dt::uint64>(bytes[i]) << 8 * i;
            bytes += 8;
            continue;
        }
        for (unsigned i = 0; i < each->width; i++)
            each->wide->set_bit(static_cast<int>(i),
                                bytes[i / 8] >> i % 8 & 1 ? sc_dt::Log_1 : sc_dt::Log_0);
        bytes += (each->width + 7) / 8;
    }
}

void tracer::on_record(void *context, const dmasim_record *record)
{
    auto &of = *static_cast<probe *>(context);
    tracer &self = *of.owner;
    std::vector<uint8_t> bytes(of.bytes);
    size_t at = 0;
    for (const auto &each : of.signals) {
        const size_t length = each->width > 64 ? (each->width + 7) / 8 : 8;
        dmasim_record_field(record, each->field, bytes.data() + at, length);
        at += length;
    }
    if (of.registered)
        self.later_.push_back({record->time_ps + of.period_ps, &of, std::move(bytes)});
    else
        show(of, bytes.data());
}

uint64_t tracer::next() const
{
    uint64_t next = DMASIM_NEVER;
    for (const record &each : later_)
        next = std::min(next, each.ps);
    return next;
}

void tracer::apply(uint64_t now)
{
    for (size_t i = 0; i < later_.size();) {
        if (later_[i].ps > now) {
            i++;
            continue;
        }
        show(*later_[i].of, later_[i].bytes.data());
        later_.erase(later_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

} // namespace dmasim::detail
