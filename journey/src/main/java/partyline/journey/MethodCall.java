package partyline.journey;

import java.util.List;

/// A call of a method of ours.
///
/// @param method such as `Inbox.accept`
/// @param thread the name of the thread that made it, without the number that each of several has
record MethodCall(SourceFile file, String method, String thread) {

    /// Whether one of these calls came to the same file by the same thread.
    boolean isIn(List<MethodCall> calls) {
        return calls.stream().anyMatch(call -> call.file.equals(file) && call.thread.equals(thread));
    }
}
