// SPDX-License-Identifier: BSD-2-Clause
// ahb_memory: a memory on a 32-bit AHB (Arm IHI 0011A, chapter 3), for co-simulation: verilator --sc.
// A beat has WAITS wait states; of ERROR_FROM to ERROR_TO, offsets in bytes, the answer is ERROR after these.
module ahb_memory #(
    parameter BYTES = 65536,
    parameter WAITS = 1,
    parameter ERROR_FROM = 1,
    parameter ERROR_TO = 0
) (
    input             hclk,
    input             hresetn,
    input             hsel,
    input             hwrite,
    input             hready,
    input      [31:0] haddr,
    input      [1:0]  htrans,
    input      [2:0]  hsize,
    input      [31:0] hwdata,
    output            hreadyout,
    output     [1:0]  hresp,
    output     [31:0] hrdata
);
    localparam IDLE = 3'd0, WAITING = 3'd1, LAST = 3'd2, FAILING = 3'd3, FAILED = 3'd4;

    reg [31:0] words [0:BYTES/4-1];
    reg [2:0]  state;
    reg [7:0]  left;
    reg [31:0] offset;
    reg [2:0]  size;
    reg        write, failing;

    wire [31:0] mask = BYTES - 1;
    wire [31:0] new_offset = haddr & mask;
    wire        taken = hready && hsel && htrans[1];
    wire        fails = new_offset >= ERROR_FROM && new_offset <= ERROR_TO;
    wire [3:0]  lanes = size == 3'd0 ? 4'b0001 << offset[1:0] :
                        size == 3'd1 ? 4'b0011 << offset[1:0] : 4'b1111;
    integer i;

    assign hreadyout = state != WAITING && state != FAILING;
    assign hresp = (state == FAILING || state == FAILED) ? 2'd1 : 2'd0;
    assign hrdata = !write && (state == WAITING || state == LAST) ? words[offset[31:2]] : 32'd0;

    always @(posedge hclk) begin
        if (state == LAST && write)
            for (i = 0; i < 4; i = i + 1)
                if (lanes[i])
                    words[offset[31:2]][8*i +: 8] <= hwdata[8*i +: 8];
        if (!hresetn) begin
            state <= IDLE;
        end else if (state == WAITING) begin
            left <= left - 8'd1;
            if (left == 8'd1)
                state <= failing ? FAILING : LAST;
        end else if (state == FAILING) begin
            state <= FAILED;
        end else if (taken) begin
            offset <= new_offset;
            size <= hsize;
            write <= hwrite;
            left <= WAITS;
            failing <= fails;
            state <= WAITS != 0 ? WAITING : fails ? FAILING : LAST;
        end else begin
            state <= IDLE;
        end
    end
endmodule
