package partyline.kernel;

import org.jspecify.annotations.Nullable;

/// The program cannot start. The message is one sentence for the person who started it: what is wrong, where, and what
/// to do next; it is printed without a stack trace.
public final class StartupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartupFailure(String sentence) {
        super(sentence);
    }

    public StartupFailure(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
