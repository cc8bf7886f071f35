package partyline.kernel;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Lets work about a person that takes several transactions end before the person is forgotten. Any number of such
/// works run at once; people share a few locks, so that they cost the same memory however many there are. Thread-safe.
final class PersonLocks {

    private static final int STRIPES = 256;

    private final List<ReentrantReadWriteLock> stripes =
            Stream.generate(ReentrantReadWriteLock::new).limit(STRIPES).toList();

    <T> T during(PhoneNumber person, Supplier<T> work) {
        return locked(stripe(person).readLock(), work);
    }

    <T> T alone(PhoneNumber person, Supplier<T> work) {
        return locked(stripe(person).writeLock(), work);
    }

    private ReentrantReadWriteLock stripe(PhoneNumber person) {
        return stripes.get(Math.floorMod(person.hashCode(), STRIPES));
    }

    private static <T> T locked(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
