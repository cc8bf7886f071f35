package partyline.app.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.kernel.OrganizationId;

/// The requests that stay open: so many per key, per organization and overall, and all of them ended when the
/// server stops. Thread-safe.
public final class OpenStreams implements AutoCloseable {

    private static final int MOST = 2_000;

    private final int mostPerKey;
    private final int mostPerOrganization;
    private final Set<Seat> seats = new HashSet<>();
    private final Map<String, Integer> held = new HashMap<>();
    private boolean closed;

    public OpenStreams(int mostPerKey, int mostPerOrganization) {
        this.mostPerKey = mostPerKey;
        this.mostPerOrganization = mostPerOrganization;
    }

    /// One stream's place; closing it, once or more often, gives the place back.
    final class Seat implements AutoCloseable {

        private final List<String> holders;
        private final Runnable end;

        private Seat(List<String> holders, Runnable end) {
            this.holders = holders;
            this.end = end;
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /// A place for a stream of the key `holder`; empty when there is none. `end` ends the stream, from whatever thread.
    synchronized Optional<Seat> take(String holder, OrganizationId organization, Runnable end) {
        String whole = "all of " + organization.text();
        if (closed
                || seats.size() >= MOST
                || held.getOrDefault(holder, 0) >= mostPerKey
                || held.getOrDefault(whole, 0) >= mostPerOrganization) {
            return Optional.empty();
        }
        Seat seat = new Seat(List.of(holder, whole), end);
        seats.add(seat);
        seat.holders.forEach(it -> held.merge(it, 1, Integer::sum));
        return Optional.of(seat);
    }

    /// Ends the streams of the key `holder`, which opens nothing any more.
    public void end(String holder) {
        List<Seat> ending;
        synchronized (this) {
            ending =
                    seats.stream().filter(seat -> seat.holders.contains(holder)).toList();
        }
        ending.forEach(seat -> seat.end.run());
    }

    /// Ends every stream; from now on there is no place.
    @Override
    public void close() {
        List<Seat> ending;
        synchronized (this) {
            closed = true;
            ending = List.copyOf(seats);
        }
        ending.forEach(seat -> seat.end.run());
    }

    private synchronized void leave(Seat seat) {
        if (seats.remove(seat)) {
            seat.holders.forEach(it -> held.computeIfPresent(it, (_, count) -> count == 1 ? null : count - 1));
        }
    }
}
