// SPDX-License-Identifier: BSD-2-Clause
// model: time, and what is told to whom; see model.h.
#include "model.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace dmasim::detail
{

namespace
{

// All that was found wrong, one to a line.
struct findings {
    std::string text;
    int code = DMASIM_INVALID;
};

std::string placed(const dmasim_error &error)
{
    std::string place;
    if (error.file[0])
        place = std::string(error.file) + ":";
    if (error.line)
        place += std::to_string(error.line) + ":" + std::to_string(error.column) + ":";
    return place.empty() ? error.text : place + " error: " + error.text;
}

void on_report(void *context, const dmasim_error *error)
{
    auto &all = *static_cast<findings *>(context);
    if (!all.text.empty())
        all.text += '\n';
    all.text += placed(*error);
}

bool later(const uint64_t a_ps, const uint64_t a_order, const uint64_t b_ps, const uint64_t b_order)
{
    return a_ps != b_ps ? a_ps > b_ps : a_order > b_order;
}

[[noreturn]] void fail(const dmasim_error &error)
{
    throw dmasim::error(error.code, placed(error));
}

} // namespace

interrupt_output::interrupt_output(const std::string &component, const std::string &output)
    : component(component), output(output), out((component + "_" + output).c_str())
{
}

model::model(system &module, const std::string *path, const text *scenario, const options &how)
    : how(how), module_(module)
{
    std::vector<const char *> overrides;
    for (const std::string &each : how.overrides)
        overrides.push_back(each.c_str());
    findings all;
    dmasim_options options{};
    options.overrides = overrides.data();
    options.override_count = overrides.size();
    options.every_cycle = how.every_cycle;
    options.reverse_order = how.reverse_order;
    options.report = on_report;
    options.context = &all;
    dmasim_error error{};
    if (path)
        sim = dmasim_create(path->c_str(), &options, &error);
    else
        sim = dmasim_create_text(
            scenario->yaml.data(), scenario->yaml.size(), scenario->name.c_str(),
            scenario->directory.empty() ? nullptr : scenario->directory.c_str(), &options, &error);
    if (!sim)
        throw dmasim::error(error.code, all.text.empty() ? placed(error) : all.text);
    fs_per_tick_ =
        static_cast<uint64_t>(std::llround(sc_core::sc_get_time_resolution().to_seconds() * 1e15));
    check_resolution();
    dmasim_result result;
    dmasim_outcome(sim, &result);
    stop_ps_ = result.stop_ps;
    has_work_ = result.work_entries > 0;
    struct dmasim_component component;
    for (size_t i = 0; dmasim_component(sim, i, &component) == DMASIM_OK; i++)
        settle_ps_ = std::max(settle_ps_, 8 * component.period_ps);
    if (how.results.empty())
        return;
    std::error_code ignored; // the trace says it
    std::filesystem::create_directories(how.results, ignored);
    dmasim_trace_options traces = how.trace;
    traces.streams = true;
    trace_ = dmasim_trace_open(sim, &traces, how.results.c_str(), &error);
    if (!trace_) {
        dmasim_destroy(sim);
        fail(error);
    }
}

model::~model()
{
    try {
        write_results();
    } catch (const std::exception &) { // who wants to know calls it
    }
    ports_.clear();
    dmasim_destroy(sim);
}

void model::check_resolution() const
{
    struct dmasim_component component;
    for (size_t i = 0; dmasim_component(sim, i, &component) == DMASIM_OK; i++) {
        const unsigned __int128 period = component.period_ps, phase = component.phase_ps;
        if (period * 1000 % fs_per_tick_ == 0 && phase * 1000 % fs_per_tick_ == 0)
            continue;
        const std::string name = component.clock ? component.clock : component.name;
        dmasim_destroy(sim);
        throw dmasim::error(
            DMASIM_INVALID,
            "SystemC's time resolution of " + sc_core::sc_get_time_resolution().to_string() +
                " is too coarse: clock " + name + " has a period of " +
                std::to_string(component.period_ps) + " ps and a phase of " +
                std::to_string(component.phase_ps) + " ps; call sc_set_time_resolution(1, SC_PS)");
    }
}

// ---- ports -----------------------------------------------------------------------------------------------

void model::make_ports()
{
    static const struct {
        const char *kind;
        std::unique_ptr<port> (*make)(model &owner, dmasim_port *handle);
    } kinds[] = {{"slave", make_slave},          {"master", make_master},
                 {"request line", make_line},    {"interrupt input", make_input},
                 {"stream source", make_source}, {"stream sink", make_sink}};
    for (dmasim_port *handle = nullptr; (handle = dmasim_port_next(sim, handle)) != nullptr;)
        for (const auto &each : kinds)
            if (std::string(dmasim_port_kind(handle)) == each.kind) {
                ports_.push_back(each.make(*this, handle));
                by_handle_[handle] = ports_.back().get();
            }
    struct dmasim_component component;
    for (size_t i = 0; dmasim_component(sim, i, &component) == DMASIM_OK; i++) {
        bool level;
        if (dmasim_interrupt_level(sim, component.name, nullptr, &level) == DMASIM_OK)
            interrupts_.push_back(std::make_unique<interrupt_output>(component.name, "irq"));
    }
}

port *model::find(const std::string &name) const
{
    for (const auto &each : ports_)
        if (name == dmasim_port_name(each->handle))
            return each.get();
    return nullptr;
}

interrupt_output &model::interrupt(const std::string &component, const std::string &output)
{
    for (const auto &each : interrupts_)
        if (each->component == component && each->output == output)
            return *each;
    std::string known;
    for (const auto &each : interrupts_)
        known += (known.empty() ? "" : ", ") + each->component + "." + each->output;
    throw dmasim::error(DMASIM_UNMAPPED, "the scenario has no interrupt output \"" + component +
                                             "." + output +
                                             "\"; there are: " + (known.empty() ? "none" : known));
}

void model::refuse(const std::string &name, const char *kind) const
{
    std::string known;
    for (const auto &each : ports_)
        known += std::string(known.empty() ? "" : ", ") + dmasim_port_name(each->handle) + " (" +
                 dmasim_port_kind(each->handle) + ")";
    throw dmasim::error(DMASIM_UNMAPPED,
                        std::string("the scenario has no ") + kind + " \"" + name +
                            "\"; its ports are: " + (known.empty() ? "none" : known));
}

void model::bound()
{
    for (const auto &each : ports_)
        each->bound();
    for (const auto &each : interrupts_) {
        if (each->out.size() == 0)
            continue;
        const dmasim_watch watch{each->component.c_str(), each->output.c_str(), true, on_interrupt,
                                 this};
        dmasim_watch_interrupt(sim, &watch);
    }
}

void model::on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t)
{
    auto &self = *static_cast<model *>(context);
    for (const auto &each : self.interrupts_)
        if (each->component == component && each->output == output) {
            each->level = level;
            each->changed = self.interrupts_changed_ = true;
        }
}

// ---- time ------------------------------------------------------------------------------------------------

uint64_t model::systemc_ps() const
{
    return ps_of(sc_core::sc_time_stamp());
}

uint64_t model::ps_of(const sc_core::sc_time &time) const
{
    if (fs_per_tick_ == 1000)
        return time.value();
    return static_cast<uint64_t>(static_cast<unsigned __int128>(time.value()) * fs_per_tick_ /
                                 1000);
}

sc_core::sc_time model::time_of(uint64_t ps) const
{
    const unsigned __int128 ticks =
        (static_cast<unsigned __int128>(ps) * 1000 + fs_per_tick_ - 1) / fs_per_tick_;
    return sc_core::sc_time::from_value(static_cast<sc_core::sc_time::value_type>(ticks));
}

// To that time, or to an output, or to the scenario's end, which is noted.
void model::advance(uint64_t until_ps)
{
    dmasim_why why;
    dmasim_run(sim, until_ps, &why);
    if (!ended_ && (why == DMASIM_WHY_FINISHED || why == DMASIM_WHY_DEADLOCK ||
                    (why == DMASIM_WHY_TIME && dmasim_now(sim) >= stop_ps_))) {
        ended_ = true;
        ended_event.notify(sc_core::SC_ZERO_TIME);
    }
}

uint64_t model::enter()
{
    const uint64_t now = systemc_ps();
    while ((dmasim_now(sim) < now || dmasim_next(sim) <= now) && !(ended_ && how.stop_at_end))
        advance(now);
    const uint64_t ahead = dmasim_now(sim);
    if (ahead > now && !how.loosely_timed && !warned_) {
        warned_ = true;
        SC_REPORT_WARNING("/dmasim/late",
                          (std::string(module_.name()) + ": a call at " +
                           sc_core::sc_time_stamp().to_string() + " takes effect at " +
                           time_of(ahead).to_string() +
                           ", up to which the model has gone on (options::lookahead)")
                              .c_str());
    }
    return ahead;
}

void model::at(uint64_t ps, port &who, unsigned what, void *with)
{
    actions_.push_back({ps, orders_++, &who, what, with});
    std::push_heap(actions_.begin(), actions_.end(), [](const action &a, const action &b) {
        return later(a.ps, a.order, b.ps, b.order);
    });
    changed();
}

// Does what is due; true if there was anything.
bool model::act(uint64_t now)
{
    bool any = false;
    while (!actions_.empty() && actions_.front().ps <= now) {
        std::pop_heap(actions_.begin(), actions_.end(), [](const action &a, const action &b) {
            return later(a.ps, a.order, b.ps, b.order);
        });
        const action next = actions_.back();
        actions_.pop_back();
        next.who->act(next.what, next.with);
        any = true;
    }
    return any;
}

// Tells what there is to tell; true if there was anything.
bool model::tell()
{
    bool any = false;
    if (interrupts_changed_) {
        interrupts_changed_ = false;
        for (const auto &each : interrupts_)
            if (each->changed) {
                each->changed = false;
                each->out->write(each->level);
            }
        any = true;
    }
    dmasim_event event;
    while (dmasim_event_take(sim, &event)) {
        by_handle_.find(event.port)->second->told(event);
        any = true;
    }
    return any;
}

// Up to when nobody can tell the model anything.
uint64_t model::limit(uint64_t now) const
{
    if (tracer_)
        return now;
    const sc_core::sc_time pending =
        sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext());
    uint64_t limit = now + ps_of(std::min(pending, how.lookahead));
    if (how.loosely_timed)
        limit = now + ps_of(tlm::tlm_global_quantum::instance().get());
    return actions_.empty() ? limit : std::min(limit, actions_.front().ps);
}

// A time at which the scenario's end is reached, if it is near: nothing need happen there.
uint64_t model::end_after(uint64_t now) const
{
    const bool dead = has_work_ && ports_.empty() && dmasim_next(sim) == DMASIM_NEVER;
    const uint64_t settled = dead || dmasim_finished(sim) ? now + settle_ps_ : DMASIM_NEVER;
    return std::min(settled, std::max(stop_ps_, now + 1));
}

void model::run()
{
    for (;;) {
        const uint64_t now = systemc_ps();
        if (dmasim_now(sim) > now && !how.loosely_timed) {
            sc_core::wait(time_of(dmasim_now(sim)) - sc_core::sc_time_stamp());
            continue;
        }
        if (interrupts_changed_ && dmasim_now(sim) > now) {
            sc_core::wait(time_of(dmasim_now(sim)) - sc_core::sc_time_stamp());
            continue;
        }
        const uint64_t here = enter();
        if (tracer_)
            tracer_->apply(now);
        for (bool more = true; more;) {
            const bool told = tell();
            more = act(here) || told;
        }
        if (ended_ && how.stop_at_end) {
            sc_core::sc_stop();
            return;
        }
        uint64_t wake = dmasim_next(sim);
        if (!actions_.empty())
            wake = std::min(wake, actions_.front().ps);
        if (tracer_)
            wake = std::min(wake, tracer_->next());
        const uint64_t end = ended_ ? DMASIM_NEVER : end_after(here), last = limit(now);
        wake = std::min(wake, end);
        if (last > here && (wake <= last || end <= here + settle_ps_)) {
            advance(last);
            continue;
        }
        if (wake == DMASIM_NEVER)
            sc_core::wait(input_);
        else
            sc_core::wait(time_of(wake) - sc_core::sc_time_stamp(), input_);
    }
}

// ---- debug -----------------------------------------------------------------------------------------------

namespace
{

// Reads as if nobody had: registers may change by being read.
int read_unseen(dmasim_simulation *sim, const char *bus, uint64_t address, uint8_t *bytes,
                uint64_t length)
{
    dmasim_snapshot *before = dmasim_save(sim);
    if (!before)
        return DMASIM_MEMORY;
    dmasim_mute(sim);
    const int code = dmasim_bus_read(sim, bus, address, bytes, length);
    dmasim_restore(sim, before);
    dmasim_snapshot_free(before);
    return code;
}

} // namespace

unsigned model::debug(bool write, uint64_t address, uint8_t *bytes, unsigned length)
{
    unsigned done = 0;
    struct dmasim_component component;
    for (size_t i = 0; done < length && dmasim_component(sim, i, &component) == DMASIM_OK; i++) {
        const uint64_t at = address + done;
        if (!component.bus || at < component.base || at - component.base >= component.size_bytes)
            continue;
        const uint64_t room = component.size_bytes - (at - component.base);
        uint64_t part = std::min<uint64_t>(room, length - done);
        port *outside = find(component.name);
        int code = DMASIM_OK;
        if (outside) {
            part = outside->debug(write, at, bytes + done, static_cast<unsigned>(part));
            code = part ? DMASIM_OK : DMASIM_UNMAPPED;
        } else if (write) {
            code = component.register_count
                       ? DMASIM_UNMAPPED
                       : dmasim_bus_write(sim, component.bus, at, bytes + done, part);
        } else if (component.register_count) {
            part = std::min<uint64_t>(part, 4 - (at & 3));
            part = part == 3 ? 1 : part;
            part = at & 1 ? 1 : part;
            code = read_unseen(sim, component.bus, at, bytes + done, part);
        } else {
            code = dmasim_bus_read(sim, component.bus, at, bytes + done, part);
        }
        if (code != DMASIM_OK)
            return done;
        done += static_cast<unsigned>(part);
        i = static_cast<size_t>(-1); // what follows may be any
    }
    return done;
}

void model::trace(sc_core::sc_trace_file *file, const std::string &scope)
{
    if (sc_core::sc_is_running() || dmasim_now(sim) > 0)
        throw dmasim::error(DMASIM_PAST, "probes are traced from the start or not at all");
    if (!tracer_)
        tracer_ = std::make_unique<tracer>(sim);
    if (tracer_->add(file, module_.name(), scope) > 0)
        return;
    std::string known;
    struct dmasim_probe probe;
    for (size_t i = 0; dmasim_probe(sim, i, &probe) == DMASIM_OK; i++)
        if (std::string(probe.kind) != "event")
            known += (known.empty() ? "" : ", ") + std::string(probe.name);
    throw dmasim::error(DMASIM_UNMAPPED,
                        "the scenario has no probe \"" + scope + "\"; there are: " + known);
}

// ---- results ---------------------------------------------------------------------------------------------

void model::write_results()
{
    if (!trace_ || written_)
        return;
    written_ = true;
    dmasim_error error{};
    if (dmasim_trace_close(trace_, &error) != DMASIM_OK ||
        dmasim_write_outputs(sim, how.results.c_str(), &error) != DMASIM_OK)
        fail(error);
}

} // namespace dmasim::detail
