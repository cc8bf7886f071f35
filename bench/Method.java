import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;

/// The text around the table: how it was measured, where, and what else the machine did.
final class Method {

    private Method() {}

    /// `loadBefore` is the machine's load average when the benchmark began.
    static String text(String table, double loadBefore) throws IOException {
        return """
                # How fast, and how close to what this machine can do

                `make bench` wrote this on %s, with %s on %s processors. Load average of the machine before it began: %s%s

                %s
                Figures of one machine say little; the ratios are what to compare. Each is of one run, since a virtual disk
                has better and worse minutes.

                ## How it is measured

                - The server is the packaged jar in a process of its own, with the flags of `config/partyline`, an empty
                  data folder on the disk of the checkout, no caps. Texts and sends go through lines that
                  a program speaks for, *whole life* through simulated phones that take no time. The load, that program and the
                  receiver are one other process on the same processors: what they cost is missing in the figures.
                - What is measured is driven for 45 seconds before, the floor and the steady rate for half of that; where the server is
                  warm already, half as long as it is measured. Texts have some 300 characters.
                - *Accepted sends*: POST to 201, one conversation per client, while the lines send what was accepted. The yardstick
                  inserts the same message row with the same indexes and counts it in its conversation, by plain JDBC with
                  `synchronous=FULL`: a transaction each from one thread, or grouped by a writer thread for 64 threads. The
                  yardstick of a send's latency adds a trivial GET of the same server.
                - *Whole life*: the agent's POST until the receiver got `imessage.sent`, and `imessage.delivered` by two
                  subscriptions; 64 messages in flight.
                - *Text to webhook*: a person's text, signed and posted as a program that speaks for a line does
                  (`driver: webhook`), until the signed webhook is read from the receiver's socket; at a steady rate counted from
                  when the text should have left, so that a late start counts.
                - *The floor* (`Floor.java`) accepts a message over HTTP, stores it (FULL, grouped), signs it, posts it and marks it
                  done. It has no tenants, people, rules, events, phones or retries. Server and floor take turns, twice. The
                  simulated phones, for comparison, are part of the server: their bubbles are written by the same thread.
                - *Lists*: median of single requests, 200 conversations, the messages dealt to them in turn; rows are copied
                  into the database by SQL.
                - *Memory* is resident memory (VmRSS); *CPU and bytes* are what the kernel counted for the server's process.
                - *Start*: exec to the first answered request, median of seven in turns. Plain is `java -jar` without flags; the
                  AOT cache is the one that `config/partyline` makes at its first start.

                ## What stands between the server and its floor

                The one thread that writes. It is busy all the time while the second processor is not, so everything that it does
                for a message counts (JFR's and perf's samples of processor time, with 64 texts in flight): a third is the commit, which
                writes the changed pages to the log, two calls of the system for each; a third is SQLite changing some 25 B-trees for a
                text, since a message has six of them, a journal entry three, a delivery and its attempt nine, the conversation four;
                the last third is Java: JSON, rows, and what Jdbi still binds. The floor changes one B-tree, twice.
                `docs/writer.md` tells what was found on the way and cured.

                What it would take to come closer: one row for a delivery and its first attempt; an index by conversation that is
                written in batches; and a second file, with a writer of its own, for the delivery log.
                """
                .formatted(
                        LocalDate.now(),
                        System.getProperty("java.vm.name") + " " + Runtime.version(),
                        Runtime.getRuntime().availableProcessors(),
                        Row.number(loadBefore),
                        loadBefore > Runtime.getRuntime().availableProcessors()
                                ? ". Others used the machine meanwhile, so the figures are worse than it can do, and the ratios rougher."
                                : ".",
                        table);
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
