package partyline.app;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The requests that stay open: so many per key and overall, and all of them ended when the server stops.
/// Thread-safe.
final class OpenStreams implements AutoCloseable {

    private static final int MOST = 2_000;

    private final int mostPerHolder;
    private final Set<Seat> seats = new HashSet<>();
    private final Map<String, Integer> held = new HashMap<>();
    private boolean closed;

    OpenStreams(int mostPerHolder) {
        this.mostPerHolder = mostPerHolder;
    }

    /// One stream's place; closing it, once or more often, gives the place back.
    final class Seat implements AutoCloseable {

        private final String holder;
        private final Runnable end;

        private Seat(String holder, Runnable end) {
            this.holder = holder;
            this.end = end;
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /// A place for a stream of `holder`; empty when there is none. `end` ends the stream, from whatever thread.
    synchronized Optional<Seat> take(String holder, Runnable end) {
        if (closed || seats.size() >= MOST || held.getOrDefault(holder, 0) >= mostPerHolder) {
            return Optional.empty();
        }
        Seat seat = new Seat(holder, end);
        seats.add(seat);
        held.merge(holder, 1, Integer::sum);
        return Optional.of(seat);
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
            held.computeIfPresent(seat.holder, (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
