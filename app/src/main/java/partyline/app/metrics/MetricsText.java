package partyline.app.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import partyline.kernel.Meters;
import partyline.kernel.Meters.Distribution;
import partyline.kernel.Meters.Family;
import partyline.kernel.Meters.Subject;

/// One answer to Prometheus, while it is made. A label without a value is none.
final class MetricsText {

    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
    /// What names have before them that are the same in every program.
    static final String STANDARD = "";
    private static final String OURS = "partyline_";

    private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    private final List<HistogramSnapshot> histograms = new ArrayList<>();

    /// Adds all that was counted.
    void add(Meters meters) {
        for (Family<LongAdder> family : meters.counters()) {
            family.series()
                    .forEach((values, count) -> count(family.subject(), count.sum(), values.toArray(String[]::new)));
        }
        meters.distributions().forEach(family -> histograms.add(histogram(family)));
    }

    /// Adds a value of now; `values` are those of its labels.
    void gauge(Subject subject, double value, String... values) {
        gauge(OURS, subject, value, values);
    }

    void gauge(String prefix, Subject subject, double value, String... values) {
        gauges.computeIfAbsent(
                        prefix + subject.name(),
                        name -> GaugeSnapshot.builder().name(name).help(subject.help()))
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels(subject, List.of(values)))
                        .build());
    }

    /// Adds a value that only grows.
    void count(Subject subject, double value, String... values) {
        count(OURS, subject, value, values);
    }

    void count(String prefix, Subject subject, double value, String... values) {
        counters.computeIfAbsent(
                        prefix + subject.name(),
                        name -> CounterSnapshot.builder().name(name).help(subject.help()))
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels(subject, List.of(values)))
                        .build());
    }

    byte[] bytes() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(it -> all.metricSnapshot(it.build()));
        counters.values().forEach(it -> all.metricSnapshot(it.build()));
        histograms.forEach(all::metricSnapshot);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, all.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static HistogramSnapshot histogram(Family<Distribution> family) {
        HistogramSnapshot.Builder made = HistogramSnapshot.builder()
                .name(OURS + family.subject().name())
                .help(family.subject().help());
        family.series()
                .forEach((values, distribution) -> made.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets(distribution))
                        .sum(distribution.sum())
                        .labels(labels(family.subject(), values))
                        .build()));
        return made.build();
    }

    private static ClassicHistogramBuckets buckets(Distribution distribution) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        double[] bounds = distribution.bounds();
        long[] counts = distribution.counts();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
        }
        return buckets.build();
    }

    private static Labels labels(Subject subject, List<String> values) {
        Labels.Builder labels = Labels.builder();
        IntStream.range(0, values.size())
                .filter(i -> !values.get(i).isEmpty())
                .forEach(i -> labels.label(subject.labels().get(i), values.get(i)));
        return labels.build();
    }
}
