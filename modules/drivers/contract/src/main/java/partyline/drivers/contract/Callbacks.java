package partyline.drivers.contract;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a hosted service posts to us, one after the other; tried again a few times when it is not taken.
public final class Callbacks implements AutoCloseable {

    /// One post. `headers` are made anew for every attempt: some hold the time.
    public record Post(String url, Supplier<Map<String, String>> headers, String body) {}

    private static final Duration LATE = Duration.ofMillis(300);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int TRIES = 3;

    private final List<Post> told = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService line = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fake-callbacks").factory());
    private final Consumer<Post> untaken;
    private volatile FakeLine.Way way = FakeLine.Way.STRAIGHT;
    private @Nullable Post held;

    /// What nobody takes is lost.
    public Callbacks() {
        this(_ -> {});
    }

    /// What nobody takes goes back to `untaken`.
    public Callbacks(Consumer<Post> untaken) {
        this.untaken = untaken;
    }

    public void go(FakeLine.Way next) {
        way = next;
    }

    public void tell(Post post) {
        switch (way) {
            case LOST -> {}
            case STRAIGHT -> soon(() -> deliver(post));
            case DOUBLED ->
                soon(() -> {
                    deliver(post);
                    deliver(post);
                });
            case REORDERED -> soon(() -> hold(post));
            case DELAYED -> later(() -> deliver(post));
        }
    }

    public void tellAgain() {
        List<Post> all = new ArrayList<>(told);
        soon(() -> all.reversed().forEach(this::deliver));
    }

    /// The statuses with which everything was answered so far, failed attempts too.
    public List<Integer> answers() {
        return List.copyOf(answers);
    }

    @Override
    public void close() {
        line.shutdownNow();
        client.shutdownNow();
    }

    private void soon(Runnable task) {
        try {
            line.execute(task);
        } catch (RejectedExecutionException e) {
            way = FakeLine.Way.LOST;
        }
    }

    private void later(Runnable task) {
        try {
            line.schedule(task, LATE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            way = FakeLine.Way.LOST;
        }
    }

    /// Keeps every second one until the next is through, or a moment has passed.
    private void hold(Post post) {
        Post before = held;
        if (before == null) {
            held = post;
            later(this::release);
        } else {
            held = null;
            deliver(post);
            deliver(before);
        }
    }

    private void release() {
        Post kept = held;
        held = null;
        if (kept != null) {
            deliver(kept);
        }
    }

    private void deliver(Post post) {
        if (!told.contains(post)) {
            told.add(post);
        }
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int status = post(post);
            answers.add(status);
            if (status < 500) {
                return;
            }
        }
        untaken.accept(post);
    }

    private int post(Post post) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(post.url()))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString(post.body()));
        post.headers().get().forEach(request::header);
        try {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 599;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
