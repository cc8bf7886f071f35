package partyline.app.config;

import java.util.function.Supplier;

/// What is wrong with a value, told by the record that it was for: `what` goes on after the name of `key`, which
/// is empty when the place that is being read says it all. [Settings] adds where that is.
final class Mistake extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final String what;

    Mistake(String key, String what) {
        super(key + " " + what);
        this.key = key;
        this.what = what;
    }

    /// What `read` gives. What it refuses is a mistake in `key`, in its own words after these.
    static <T> T in(String key, String words, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new Mistake(key, words + e.getMessage());
        }
    }

    String key() {
        return key;
    }

    String what() {
        return what;
    }
}
