// SPDX-License-Identifier: BSD-2-Clause
// system: the module; model.cpp is what is behind it.
#include "model.h"

namespace dmasim
{

system::system(const sc_core::sc_module_name &name, const std::string &scenario, const options &how)
    : system(name, &scenario, nullptr, how)
{
}

system::system(const sc_core::sc_module_name &name, const text &scenario, const options &how)
    : system(name, nullptr, &scenario, how)
{
}

system::system(const sc_core::sc_module_name &name, const std::string *path, const text *scenario,
               const options &how)
    : sc_module(name), model_(std::make_unique<detail::model>(*this, path, scenario, how))
{
    model_->make_ports();
    sc_core::sc_spawn_options thread;
    sc_core::sc_spawn([this] { model_->run(); }, sc_core::sc_gen_unique_name("time"), &thread);
}

system::~system() = default;

slave_socket &system::slave(const std::string &port)
{
    slave_socket *found = detail::slave_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "slave"), *found);
}

master_socket &system::master(const std::string &port)
{
    master_socket *found = detail::master_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "master"), *found);
}

line &system::request_line(const std::string &port)
{
    line *found = detail::line_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "request line"), *found);
}

signal_in &system::interrupt_input(const std::string &port)
{
    signal_in *found = detail::input_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "interrupt input"), *found);
}

slave_socket &system::sink(const std::string &port)
{
    slave_socket *found = detail::sink_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "stream sink"), *found);
}

master_socket &system::source(const std::string &port)
{
    master_socket *found = detail::source_of(model_->find(port));
    return found ? *found : (model_->refuse(port, "stream source"), *found);
}

signal_out &system::interrupt(const std::string &component, const std::string &output)
{
    return model_->interrupt(component, output).out;
}

dmasim_simulation *system::simulation()
{
    if (sc_core::sc_is_running())
        model_->enter();
    return model_->sim;
}

void system::changed()
{
    model_->changed();
}

const sc_core::sc_event &system::ended() const
{
    return model_->ended_event;
}

void system::trace(sc_core::sc_trace_file *file, const std::string &scope)
{
    model_->trace(file, scope);
}

void system::write_results()
{
    model_->write_results();
}

void system::end_of_elaboration()
{
    model_->bound();
}

void system::offset_addresses(uint64_t offset)
{
    model_->offset = offset;
}

void system::end_of_simulation()
{
    model_->write_results();
}

} // namespace dmasim
