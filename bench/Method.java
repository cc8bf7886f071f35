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
                  data folder on the disk of the checkout, no caps. Texts and sends go through lines that a program speaks
                  for, *whole life* through simulated phones that take no time. The load, that program and the receivers are
                  one other process on the same processors, and in it one thread with a connection for each client. What it
                  takes for a text has a row of its own; it is missing in the other figures.
                - Where nothing else is said the server is warm: driven for %d seconds before, the floor and the texts of simulated
                  phones for half of that; where it is warm already, for half as long as it is measured. Texts have some 300
                  characters.
                - *The floor* (`Floor.java`) accepts a message over HTTP, stores it (FULL, grouped), signs it, posts it and marks it
                  done. It has no tenants, people, rules, events, phones or retries. Server and floor take turns of %s seconds,
                  five each, with the same load, 64 in flight and then one. What they do in the first %d seconds of their
                  lives, with a load that is warm, has a row of its own; that floor is another one, just started.
                - *Text -> stored -> signed webhook*: a person's text, signed and posted as a program that speaks for a line
                  does (`driver: webhook`), until it is answered and the signed webhook is read from the receiver's socket. At
                  200/s it counts from when the text should have left, so that a late start counts. Simulated phones are part
                  of the server: their bubbles are written by the same thread.
                - *CPU* and *bytes written* are what the kernel counted for the process while it had its turns. *Without the
                  compiler* leaves out the threads that the JVM compiles with, which have work for minutes after a start. *File*
                  is how much more of the database's pages is in use after all texts of the part, cold and warm, than before.
                - *Accepted sends*: POST to 201, one conversation per client, while the lines send what was accepted. The yardstick
                  inserts a message with its indexes and counts it in its conversation, by plain JDBC with `synchronous=FULL`, in
                  the tables of `yardstick.sql`, which stay as they are when the server's change: a transaction each from one
                  thread, or grouped by a writer thread for 64 threads, which takes turns with the server's 64 clients. The
                  yardstick of a send's latency adds a trivial GET of the same server.
                - *Whole life*: the agent's POST until it is answered and the receiver got `imessage.sent`, and
                  `imessage.delivered` by two subscriptions; 64 messages in flight, in turns with a floor.
                - *Beside a receiver*: two servers are texted at the same time. Each text has two webhooks; the figure is when the
                  live receiver had it on the server where the other receiver fails, the yardstick the same on a server where
                  the other one is live too. What failed while both were warmed up is owed meanwhile.
                - *Beside a backup*: sends by 16 clients in slices of half a second, while the server backs itself up (as by
                  `backup.every`), and while it does not.
                - *Event streams*: heap after a collection, and resident memory, against before the streams were opened.
                - *Lists*: median of single requests, 200 conversations, the messages dealt to them in turn, each list warmed up
                  for as long as it is measured; rows are copied into the database by SQL.
                - *Memory* is resident memory (VmRSS).
                - *At 3 million messages* is a part of its own, since it takes minutes: `make bench PARTS=growth`. Two servers
                  take turns, one whose database was filled with that many messages of 2,000 conversations, and one with ten
                  thousand. Ids of texts are as random there as those of a service.
                - *Start*: exec to the first answered request, median of seven in turns. Plain is `java -jar` without flags; the
                  AOT cache is the one that `config/partyline` makes at its first start.

                ## What stands between the server and its floor

                A text changes more tables than the floor's one and is looked up among people, rules and subscriptions on its way;
                it comes in and goes out through other HTTP libraries than the floor's, and every event has a number, an order
                and a log of its attempts. In both one thread writes.
                [docs/writer.md](../docs/writer.md) tells what was found on the way and cured.
                """
                .formatted(
                        LocalDate.now(),
                        System.getProperty("java.vm.name") + " " + Runtime.version(),
                        Runtime.getRuntime().availableProcessors(),
                        Row.number(loadBefore),
                        loadBefore > Runtime.getRuntime().availableProcessors()
                                ? ". Others used the machine meanwhile, so the figures are worse than it can do, and the ratios rougher."
                                : ".",
                        table,
                        Flows.WARM_UP.toSeconds(),
                        Row.number(Bench.SPAN.multipliedBy(2).dividedBy(Turns.ROUNDS).toMillis() / 1_000.0),
                        Bench.SPAN.toSeconds());
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
