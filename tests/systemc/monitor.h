// SPDX-License-Identifier: BSD-2-Clause
//
// monitor: the rules of the TLM-2.0 base protocol (IEEE 1666-2011, clauses 11, 14 and 15), watched between an
// initiator and a target. It shares nothing with dmasim. What passes is passed on unchanged.
//
//   initiator ---> in | monitor | out ---> target
//
//   15.2.4   phases of a transaction in their order, each once
//   15.2.6   BEGIN_REQ not before the END_REQ of the request before, BEGIN_RESP not before the END_RESP of the response
//            before, in either case at the times that the calls carry
//   15.2.5   other phases leave the transaction as it is, and are accepted
//   14.5     a payload has a memory manager and references while it is under way
//   14.7     attributes stay as they are; byte enables and a write's data too
//   14.17    the status is INCOMPLETE before, another one with the response
//   11.1.2   b_transport() comes back with a response, and no earlier than it was called
//   11.3.4   transport_dbg() takes no time and leaves the transactions under way alone
#ifndef MONITOR_H
#define MONITOR_H

#include <tlm>

#include <map>
#include <set>
#include <string>
#include <systemc>
#include <vector>

class monitor : public sc_core::sc_module,
                public tlm::tlm_fw_transport_if<>,
                public tlm::tlm_bw_transport_if<>
{
  public:
    explicit monitor(const sc_core::sc_module_name &name) : sc_module(name), in("in"), out("out")
    {
        in.bind(*this);
        out.bind(*this);
    }

    tlm::tlm_target_socket<> in;
    tlm::tlm_initiator_socket<> out;
    std::set<std::string> broken; // rules, by name
    std::string first;            // what was seen first
    uint64_t transactions = 0, blocking = 0, debug = 0;

    // Transactions that were not brought to their end.
    size_t open() const
    {
        return states_.size();
    }

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override
    {
        const sc_core::sc_time now = sc_core::sc_time_stamp(), called = now + delay;
        const tlm::tlm_phase before = phase;
        if (phase > tlm::END_RESP)
            return beside(out->nb_transport_fw(payload, phase, delay), payload);
        if (phase == tlm::BEGIN_REQ)
            begin(payload, called);
        else if (phase == tlm::END_RESP)
            end_response(payload, called);
        else
            wrong("phase", "a forward call has BEGIN_REQ or END_RESP");
        const tlm::tlm_sync_enum how = out->nb_transport_fw(payload, phase, delay);
        returned(payload, before, phase, now + delay, how, called);
        return how;
    }

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override
    {
        const sc_core::sc_time now = sc_core::sc_time_stamp(), called = now + delay;
        const tlm::tlm_phase before = phase;
        if (phase > tlm::END_RESP)
            return beside(in->nb_transport_bw(payload, phase, delay), payload);
        if (phase == tlm::END_REQ)
            end_request(payload, called);
        else if (phase == tlm::BEGIN_RESP)
            begin_response(payload, called);
        else
            wrong("phase", "a backward call has END_REQ or BEGIN_RESP");
        const tlm::tlm_sync_enum how = in->nb_transport_bw(payload, phase, delay);
        if (how == tlm::TLM_COMPLETED && before == tlm::END_REQ)
            wrong("completed", "an initiator cannot complete with END_REQ");
        else if (how == tlm::TLM_COMPLETED || (how == tlm::TLM_UPDATED && phase == tlm::END_RESP))
            end_response(payload, now + delay);
        else if (how == tlm::TLM_UPDATED)
            wrong("phase", "an initiator updates to END_RESP only");
        return how;
    }

    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override
    {
        blocking++;
        attributes(payload);
        if (payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE)
            wrong("status-before", "the status is not INCOMPLETE");
        const state before = state_of(payload);
        const sc_core::sc_time called = sc_core::sc_time_stamp() + delay;
        out->b_transport(payload, delay);
        unchanged(payload, before);
        if (sc_core::sc_time_stamp() + delay < called)
            wrong("time", "b_transport() comes back earlier than it was called");
        if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
            wrong("status", "a response without a status");
    }

    unsigned transport_dbg(tlm::tlm_generic_payload &payload) override
    {
        debug++;
        const sc_core::sc_time now = sc_core::sc_time_stamp();
        const uint64_t deltas = sc_core::sc_delta_count(), calls = calls_;
        const unsigned done = out->transport_dbg(payload);
        if (sc_core::sc_time_stamp() != now || sc_core::sc_delta_count() != deltas ||
            calls != calls_)
            wrong("debug", "transport_dbg() takes time or makes transactions");
        if (done > payload.get_data_length())
            wrong("debug", "transport_dbg() did more than it was asked for");
        return done;
    }

    bool get_direct_mem_ptr(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi) override
    {
        return out->get_direct_mem_ptr(payload, dmi);
    }
    void invalidate_direct_mem_ptr(sc_dt::uint64 first_address, sc_dt::uint64 last) override
    {
        in->invalidate_direct_mem_ptr(first_address, last);
    }

    uint64_t ignorable = 0; // phases that are not of the base protocol

  private:
    tlm::tlm_sync_enum beside(tlm::tlm_sync_enum how, tlm::tlm_generic_payload &payload)
    {
        ignorable++;
        if (how != tlm::TLM_ACCEPTED)
            wrong("ignorable", "a phase that may be ignored is accepted, and no more");
        if (states_.find(&payload) == states_.end())
            wrong("ignorable", "a phase of no transaction");
        return how;
    }

    enum phase_state { REQUEST, ACCEPTED, RESPONSE };
    struct state {
        phase_state phase = REQUEST;
        sc_dt::uint64 address;
        tlm::tlm_command command;
        unsigned char *data, *enables;
        unsigned length, width, enable_length;
        std::vector<unsigned char> written, enabled;
    };

    void wrong(const char *rule, const std::string &what)
    {
        if (broken.insert(rule).second && first.empty())
            first =
                std::string(name()) + " at " + sc_core::sc_time_stamp().to_string() + ": " + what;
    }

    static state state_of(const tlm::tlm_generic_payload &payload)
    {
        state made;
        made.address = payload.get_address();
        made.command = payload.get_command();
        made.data = payload.get_data_ptr();
        made.enables = payload.get_byte_enable_ptr();
        made.length = payload.get_data_length();
        made.width = payload.get_streaming_width();
        made.enable_length = payload.get_byte_enable_length();
        if (made.command == tlm::TLM_WRITE_COMMAND && made.data)
            made.written.assign(made.data, made.data + made.length);
        if (made.enables)
            made.enabled.assign(made.enables, made.enables + made.enable_length);
        return made;
    }

    void attributes(const tlm::tlm_generic_payload &payload)
    {
        if (payload.get_data_length() == 0 || !payload.get_data_ptr() ||
            payload.get_streaming_width() == 0 ||
            (payload.get_byte_enable_ptr() && payload.get_byte_enable_length() == 0))
            wrong("attributes", "a payload without data or with a width of 0");
    }

    void unchanged(const tlm::tlm_generic_payload &payload, const state &before)
    {
        const state now = state_of(payload);
        if (now.address != before.address || now.command != before.command ||
            now.data != before.data || now.length != before.length || now.width != before.width ||
            now.enables != before.enables || now.enable_length != before.enable_length)
            wrong("attributes-changed", "an attribute was changed");
        else if (now.written != before.written || now.enabled != before.enabled)
            wrong("data-changed", "data of a write or byte enables were changed");
    }

    void alive(const tlm::tlm_generic_payload &payload)
    {
        calls_++;
        if (!payload.has_mm() || payload.get_ref_count() < 1)
            wrong("lifetime", "a payload under way that nobody holds");
    }

    state *find(tlm::tlm_generic_payload &payload, const char *phase)
    {
        alive(payload);
        const auto found = states_.find(&payload);
        if (found != states_.end()) {
            unchanged(payload, found->second);
            return &found->second;
        }
        wrong("phase", std::string(phase) + " of a transaction that is not under way");
        return nullptr;
    }

    void begin(tlm::tlm_generic_payload &payload, const sc_core::sc_time &at)
    {
        alive(payload);
        attributes(payload);
        transactions++;
        if (payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE)
            wrong("status-before", "the status is not INCOMPLETE");
        if (states_.count(&payload))
            wrong("phase", "BEGIN_REQ of a transaction that is under way");
        if (requesting_ || at < request_end_)
            wrong("request-exclusion", "BEGIN_REQ before the END_REQ of the request before");
        requesting_ = &payload;
        states_[&payload] = state_of(payload);
    }

    void end_request(tlm::tlm_generic_payload &payload, const sc_core::sc_time &at)
    {
        state *of = find(payload, "END_REQ");
        if (!of)
            return;
        if (of->phase != REQUEST)
            wrong("phase", "END_REQ twice, or after BEGIN_RESP");
        of->phase = ACCEPTED;
        over(payload, at);
    }

    // Its request phase is over.
    void over(const tlm::tlm_generic_payload &payload, const sc_core::sc_time &at)
    {
        if (requesting_ != &payload)
            return;
        requesting_ = nullptr;
        request_end_ = at;
    }

    void begin_response(tlm::tlm_generic_payload &payload, const sc_core::sc_time &at)
    {
        state *of = find(payload, "BEGIN_RESP");
        if (!of)
            return;
        if (of->phase == RESPONSE)
            wrong("phase", "BEGIN_RESP twice");
        if (responding_ || at < response_end_)
            wrong("response-exclusion", "BEGIN_RESP before the END_RESP of the response before");
        if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
            wrong("status", "a response without a status");
        over(payload, at);
        of->phase = RESPONSE;
        responding_ = &payload;
    }

    void end_response(tlm::tlm_generic_payload &payload, const sc_core::sc_time &at)
    {
        state *of = find(payload, "END_RESP");
        if (!of)
            return;
        if (of->phase != RESPONSE)
            wrong("phase", "END_RESP before BEGIN_RESP");
        if (responding_ == &payload)
            responding_ = nullptr;
        response_end_ = at;
        states_.erase(&payload);
    }

    // What a target says in the return of nb_transport_fw().
    void returned(tlm::tlm_generic_payload &payload, const tlm::tlm_phase &before,
                  const tlm::tlm_phase &phase, const sc_core::sc_time &at, tlm::tlm_sync_enum how,
                  const sc_core::sc_time &called)
    {
        if (at < called)
            wrong("time", "a call comes back earlier than it was made");
        if (before == tlm::END_RESP) {
            if (how == tlm::TLM_UPDATED)
                wrong("phase", "nothing comes after END_RESP");
            return;
        }
        if (how == tlm::TLM_UPDATED && phase == tlm::END_REQ)
            end_request(payload, at);
        else if (how == tlm::TLM_UPDATED && phase == tlm::BEGIN_RESP)
            begin_response(payload, at);
        else if (how == tlm::TLM_UPDATED)
            wrong("phase", "a target updates to END_REQ or BEGIN_RESP");
        else if (how == tlm::TLM_COMPLETED) {
            // All phases at once; no response phase that others wait for.
            if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
                wrong("status", "completed without a status");
            if (state *of = find(payload, "COMPLETED"))
                if (of->phase != REQUEST)
                    wrong("phase", "completed after END_REQ");
            over(payload, at);
            states_.erase(&payload);
        }
    }

    std::map<tlm::tlm_generic_payload *, state> states_;
    const tlm::tlm_generic_payload *requesting_ = nullptr, *responding_ = nullptr;
    sc_core::sc_time request_end_, response_end_;
    uint64_t calls_ = 0;
};

#endif
