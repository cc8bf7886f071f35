/// What the server does in numbers, as Prometheus reads them: the counters of [partyline.kernel.Meters], and what
/// is looked up when somebody asks. Nothing outside this package knows Prometheus, and nothing of Prometheus is
/// loaded before the first question.
@NullMarked
package partyline.app.metrics;

import org.jspecify.annotations.NullMarked;
