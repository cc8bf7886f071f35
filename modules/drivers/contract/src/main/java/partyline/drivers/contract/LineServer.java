package partyline.drivers.contract;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.Transport;

/// One run of the program on a data folder: database, driver, transport with a router and a pool line. Close it and
/// open another for a restart.
public record LineServer<D extends Driver>(
        Database database, Ids ids, D driver, Transport transport, RecordingHandler handler) implements AutoCloseable {

    public static final PhoneNumber ANN = new PhoneNumber("+12025550140");
    public static final PhoneNumber BOB = new PhoneNumber("+12025550141");
    public static final Line ROUTER = line("router", "+12025550100", Line.Role.ROUTER);
    public static final Line POOL = line("pool-1", "+12025550101", Line.Role.POOL);
    public static final List<Line> LINES = List.of(ROUTER, POOL);

    public static <D extends Driver> LineServer<D> open(
            Path folder, InstantSource clock, BiFunction<Database, Ids, D> driver) {
        Database database = Database.open(folder.resolve("test.db"));
        Ids ids = new Ids(clock);
        D speaks = driver.apply(database, ids);
        Transport transport =
                new Transport(database, ids, clock, LINES, Map.of(ROUTER.id(), speaks, POOL.id(), speaks));
        return new LineServer<>(database, ids, speaks, transport, new RecordingHandler());
    }

    public LineServer<D> started() {
        transport.start(handler);
        return this;
    }

    public Outgoing outgoing(PhoneNumber to, String text) {
        return new Outgoing(ids.next(), to, text, null, null, null, null);
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
