/// Tests that hold the house together: which room may know which, and how sources look.
package io.direktiv.house;
