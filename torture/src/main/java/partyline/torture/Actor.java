package partyline.torture;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import partyline.torture.Http.Outcome;

/// Somebody who does one thing after another until the run is over, and waits out the time that the server is down.
abstract class Actor implements Runnable {

    private static final int LONGEST_PAUSE_MILLIS = 120;
    private static final int DOWN_MILLIS = 20;

    /// What an actor works with: a key, the diary, the gate before the server, and chance.
    record Means(Http http, Diary diary, Gate gate, Random random) {}

    final Http http;
    final Diary diary;
    final Random random;
    private final Gate gate;
    private volatile boolean over;

    Actor(Means means) {
        this.http = means.http();
        this.diary = means.diary();
        this.gate = means.gate();
        this.random = means.random();
    }

    /// One thing that this one does.
    abstract void act();

    @Override
    public final void run() {
        while (!over) {
            act();
            rest(1 + random.nextInt(LONGEST_PAUSE_MILLIS));
        }
    }

    /// Ends after the thing in progress.
    final void end() {
        over = true;
    }

    /// Whether the run is over.
    final boolean over() {
        return over;
    }

    /// Posts once; tries again only while the server cannot be reached at all.
    final Outcome post(String path, Map<String, ?> body) {
        Outcome outcome = http.post(path, body);
        while (outcome instanceof Outcome.NotReached) {
            pause();
            outcome = http.post(path, body);
        }
        return checked(path, outcome);
    }

    /// Posts again and again under one key until it is answered.
    final Outcome postOnce(String path, Map<String, ?> body, String key) {
        Outcome outcome = http.post(path, body, key);
        while (!(outcome instanceof Outcome.Answered)) {
            pause();
            outcome = http.post(path, body, key);
        }
        return checked(path, outcome);
    }

    /// Reads; again and again until it is answered.
    final Outcome.Answered get(String path) {
        while (true) {
            if (checked(path, http.get(path)) instanceof Outcome.Answered answered) {
                return answered;
            }
            pause();
        }
    }

    static History.Told told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered when answered.success() -> History.Told.DONE;
            case Outcome.Answered _ -> History.Told.REFUSED;
            case Outcome.Cut _ -> History.Told.CUT;
            case Outcome.NotReached _ -> History.Told.REFUSED;
        };
    }

    static void rest(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void pause() {
        rest(DOWN_MILLIS);
        gate.pass();
    }

    private Outcome checked(String path, Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered && !answered.success()) {
            diary.noteRefusal(answered.status());
            if (answered.status() >= 500 && answered.status() != 502) {
                diary.complain(path + " answered " + answered);
            }
        }
        return outcome;
    }
}
