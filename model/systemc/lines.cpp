// SPDX-License-Identifier: BSD-2-Clause
//
// lines: request lines and interrupt inputs.
//
// Timing
//   A level that a signal takes at time t is sampled by the first edge later than t, in whatever delta cycle it
// changed. What the model drives is written at the time of its event: a process that is sensitive to the signal runs
// at that time, and what it does then is sampled by the next edge (docs/outside.md).
#include "slave.h"

#include <algorithm>

namespace dmasim
{

line::line(const std::string &name)
    : burst((name + "_burst").c_str()), single((name + "_single").c_str()),
      last((name + "_last").c_str()), ack((name + "_ack").c_str()),
      finish((name + "_finish").c_str()), data((name + "_data").c_str())
{
}

namespace detail
{

namespace
{

bool high(const signal_in &signal)
{
    return signal.size() > 0 && signal->read();
}

// Calls `change` when one of the signals changes, and once at the start if one is high.
template <typename Change> void follow(const std::vector<const signal_in *> &signals, Change change)
{
    sc_core::sc_spawn_options options;
    options.spawn_method();
    bool any = false;
    for (const signal_in *each : signals)
        if (each->size() > 0) {
            any = true;
            options.set_sensitivity(&(*each)->default_event());
        }
    if (any)
        sc_core::sc_spawn(change, sc_core::sc_gen_unique_name("follow"), &options);
}

class request_line : public port
{
  public:
    request_line(model &owner, dmasim_port *handle)
        : port(owner, handle), pins(dmasim_port_name(handle)), requests(*this, false)
    {
        pins.data.bind(requests);
    }

    void bound() override
    {
        if (pins.data.get_base_port().size() > 0)
            requests.target = pins.data.operator->();
        follow({&pins.burst, &pins.single, &pins.last}, [this] { set(); });
    }

    void told(const dmasim_event &event) override
    {
        if (event.kind != DMASIM_EVENT_LEVEL) {
            requests.told(event);
            return;
        }
        if (pins.ack.size() > 0)
            pins.ack->write(event.level & DMASIM_LEVEL_ACK);
        if (pins.finish.size() > 0)
            pins.finish->write(event.level & DMASIM_LEVEL_FINISH);
    }

    void act(unsigned what, void *with) override
    {
        requests.act(what, with);
    }

    line pins;
    requester requests;

  private:
    void set()
    {
        const uint32_t level = (high(pins.burst) ? +DMASIM_LEVEL_BURST : 0u) |
                               (high(pins.single) ? +DMASIM_LEVEL_SINGLE : 0u) |
                               (high(pins.last) ? +DMASIM_LEVEL_LAST : 0u);
        if (level == level_)
            return;
        level_ = level;
        owner.enter();
        // An 8237A has DREQ and EOP, which is bit 1 there.
        if (dmasim_level_set(handle, level) == DMASIM_INVALID)
            dmasim_level_set(handle, (high(pins.burst) ? +DMASIM_LEVEL_DREQ : 0u) |
                                         (high(pins.last) ? +DMASIM_LEVEL_EOP : 0u));
        owner.changed();
    }

    uint32_t level_ = 0;
};

class interrupt_input : public port
{
  public:
    interrupt_input(model &owner, dmasim_port *handle)
        : port(owner, handle), in(dmasim_port_name(handle))
    {
    }

    void bound() override
    {
        follow({&in}, [this] {
            if (in->read() == level_)
                return;
            level_ = in->read();
            owner.enter();
            dmasim_level_set(handle, level_ ? +DMASIM_LEVEL_INTERRUPT : 0u);
            owner.changed();
        });
    }

    void told(const dmasim_event &) override
    {
    }
    void act(unsigned, void *) override
    {
    }

    signal_in in;

  private:
    bool level_ = false;
};

} // namespace

std::unique_ptr<port> make_line(model &owner, dmasim_port *handle)
{
    return std::make_unique<request_line>(owner, handle);
}

std::unique_ptr<port> make_input(model &owner, dmasim_port *handle)
{
    return std::make_unique<interrupt_input>(owner, handle);
}

line *line_of(port *port)
{
    auto *self = dynamic_cast<request_line *>(port);
    return self ? &self->pins : nullptr;
}

signal_in *input_of(port *port)
{
    auto *self = dynamic_cast<interrupt_input *>(port);
    return self ? &self->in : nullptr;
}

} // namespace detail
} // namespace dmasim
