//! The program from outside: real repositories, real processes, exit codes and words.

mod bad_input;
mod cache;
mod check;
mod demo;
mod help;
mod lists;
mod models;
mod outputs;
mod scan;
mod stage;
mod trust;
