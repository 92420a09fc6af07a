/**
 * The Java agent, a jar of its own that runs inside a job's JVM, depends on the JDK alone
 * and knows nothing of the rest.
 */
@NullMarked
package dev.reprise.agent;

import org.jspecify.annotations.NullMarked;
