// SPDX-License-Identifier: BSD-2-Clause
// A counter behind a handshake, its bench, and a fault at a time of choice: what `rtl-traces` records.
`timescale 1ns / 1ps

module counter (
    input  wire       clk,
    input  wire       rst,
    input  wire       ready,
    output reg        valid,
    output reg  [7:0] count
);
    always @(posedge clk) begin
        if (rst) begin
            valid <= 0;
            count <= 0;
        end else begin
            valid <= 1;
            if (valid && ready)
                count <= count + 1;
        end
    end
endmodule

module tb;
    reg clk = 0, rst = 1, ready = 0;
    wire       valid;
    wire [7:0] count;
    wire [7:0] dut_count;
    reg        fault = 0;
    counter dut (.clk(clk), .rst(rst), .ready(ready), .valid(valid), .count(dut_count));
    assign count = fault ? ~dut_count : dut_count;

    always #5 clk = ~clk;
    always @(posedge clk) ready <= ~ready | rst;

    integer at = 0;
    initial begin
        if (!$value$plusargs("fault=%d", at))
            at = 0;
        $dumpfile("trace.vcd");
        $dumpvars(0, tb);
        #22 rst = 0;
        if (at > 22) begin
            #(at - 22) fault = 1;
            #1 fault = 0;
        end
    end
    initial #600 $finish;
endmodule
