package partyline.transport;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;

/// One run of a transport on a data folder, over a [FakeDriver]. Close it and open another for a restart.
record TransportRun(Database database, Ids ids, FakeDriver driver, Transport transport, ObedientHandler handler)
        implements AutoCloseable {

    static final PhoneNumber ANN = new PhoneNumber("+12025550140");
    static final PhoneNumber BOB = new PhoneNumber("+12025550141");
    static final Line ROUTER = line("router", "+12025550100", Line.Role.ROUTER);
    static final Line POOL = line("pool-1", "+12025550101", Line.Role.POOL);
    static final List<Line> LINES = List.of(ROUTER, POOL);

    static TransportRun open(Path folder, InstantSource clock) {
        return open(folder, clock, LINES);
    }

    static TransportRun open(Path folder, InstantSource clock, List<Line> lines) {
        Database database = Database.open(folder.resolve("test.db"));
        Ids ids = new Ids(clock);
        FakeDriver speaks = new FakeDriver();
        Map<String, Driver> drivers = lines.stream().collect(Collectors.toMap(Line::id, _ -> speaks));
        Transport transport = new Transport(database, ids, clock, lines, drivers);
        return new TransportRun(database, ids, speaks, transport, new ObedientHandler());
    }

    TransportRun started() {
        transport.start(handler);
        return this;
    }

    void say(PhoneNumber to, String text) {
        database.update(tx -> transport.say(tx, new Transport.SystemMessage(ROUTER.id(), to, text, null)));
    }

    Outgoing outgoing(PhoneNumber to, String text) {
        return new Outgoing(ids.next(), to, text, null, null, null, null);
    }

    List<OutgoingQueue.Early> claim(String providerId) {
        return database.write(tx -> new EarlyStore().take(tx, ROUTER.id(), providerId));
    }

    /// How many events or words wait for a later attempt.
    int postponed(InstantSource clock) {
        return database.read(handle -> handle.createQuery("""
                        SELECT (SELECT count(*) FROM transport_inbox WHERE due_at > :now)
                             + (SELECT count(*) FROM transport_outbox WHERE due_at > :now)
                        """)
                .bind("now", Timestamps.micros(clock.instant()))
                .mapTo(int.class)
                .one());
    }

    @Override
    public void close() {
        transport.close();
        database.close();
    }

    private static Line line(String id, String number, Line.Role role) {
        return new Line(id, new PhoneNumber(number), Set.of(role), "test", Line.Fallback.SMS);
    }
}
