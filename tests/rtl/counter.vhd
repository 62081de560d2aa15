-- SPDX-License-Identifier: BSD-2-Clause
-- The counter of counter.v and its bench in VHDL.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity tb is
end entity;

architecture bench of tb is
    signal clk, ready : std_logic := '0';
    signal rst        : std_logic := '1';
    signal valid      : std_logic;
    signal count      : std_logic_vector(7 downto 0);
    signal done       : boolean := false;
begin
    clk <= not clk after 5 ns when not done;
    rst <= '0' after 22 ns;
    done <= true after 600 ns;

    process (clk)
    begin
        if rising_edge(clk) then
            ready <= not ready or rst;
            if rst = '1' then
                valid <= '0';
                count <= (others => '0');
            else
                valid <= '1';
                if valid = '1' and ready = '1' then
                    count <= std_logic_vector(unsigned(count) + 1);
                end if;
            end if;
        end if;
    end process;
end architecture;
