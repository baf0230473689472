"""What of a file's exported API another text of it takes away or changes."""

import pytest

from gocreator.gosource.apichanges import api_changes

BEFORE = """\
package p

// Limit bounds.
const Limit = 3

// User is somebody.
type User struct {
	Name string
	Age  int
	note string
}

// Store keeps.
type Store interface {
	Get(id string) (*User, error)
	Put(u *User) error
}

// NewUser makes one.
func NewUser(name string) *User { return &User{Name: name} }

// Greet greets.
func (u *User) Greet() string { return "hello" }

func helper() {}
"""


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("return &User{Name: name}", "u := User{}; u.Name = name; return &u", []),
        ("func helper() {}", "", []),
        ("note string", "notes []string", []),
        ("Age  int", "Age  int\n\tMail string", []),
        ("Limit = 3", "Limit = 4", ["const Limit = 4 was const Limit = 3"]),
        ("// NewUser makes one.", "// NewUser returns a user.", []),
        ("Age  int\n", "", ["User.Age is gone"]),
        ("Age  int", "Age  int64", ["User.Age is int64, and was int"]),
        ("func NewUser(name string)", "func NewUser(name, mail string)",
         ["func NewUser(string, string) *User was func NewUser(string) *User"]),
        ('func (u *User) Greet() string { return "hello" }\n', "", ["func (*User) Greet() string is gone"]),
        ("Put(u *User) error", "Put(u *User) error\n\tDrop() error", ["Store: Drop() error is new"]),
        ("\tPut(u *User) error\n", "", ["Store: Put(*User) error is gone"]),
        ("const Limit = 3", "var Limit = 3", ["var Limit was const Limit = 3"]),
        ("type User struct {\n\tName string\n\tAge  int\n\tnote string\n}", "type User int",
         ["type User int was type User struct"]),
    ],
)  # fmt: skip
def test_what_users_must_change(old: str, new: str, changes: list[str]) -> None:
    assert old in BEFORE
    assert api_changes(BEFORE, BEFORE.replace(old, new, 1)) == changes


def test_of_a_contract_it_is_known_what_must_be_there_and_not_which_methods_come_beside() -> None:
    contract = "package p\n\ntype User struct {\n\tName string\n\tAge int\n}\n\nfunc NewUser(name string) *User\n"
    assert api_changes(BEFORE, contract, methods=False) == ["const Limit = 3 is gone", "type Store interface is gone"]
