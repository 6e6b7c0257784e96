"""Changes to accounts and credentials. Each change adds an entry to the audit log."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.identity import notices, passkeys, passwords, second_factor, sign_ins
from app.desk.identity.audit_log import log_action
from app.desk.identity.forms import FirstPersonForm, JoinForm, NewPasswordForm
from app.desk.identity.models import DeskRole, Passkey, PasswordLink, Person, SignIn
from app.desk.identity.notices import NoticeKind
from app.i18n.translate import _
from app.settings import Settings


class LastAdminError(Exception):
    """The desk would be left without an admin."""


class EmailTakenError(Exception):
    """Another account has this e-mail address."""


# Signing in -------------------------------------------------------------------------------------


def authenticate(db: Session, email: str, password: str) -> Person | None:
    """Return the person with this email and password.

    Takes equally long for unknown addresses, so that timing does not reveal which accounts exist.
    """
    person = find_by_email(db, email)
    checked = person.password_hash if person else None
    if not passwords.is_correct(password, checked) or person is None:
        return None
    # Another request may have changed the password or disabled the person during the check.
    lock_person(db, person)
    if (
        person.disabled_at is not None
        or person.password_hash is None
        or person.password_hash != checked
    ):
        return None
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    return person


def record_failure(db: Session, action: str, person: Person | None) -> None:
    """Record a failed attempt. The typed address is not stored."""
    log_action(db, action, person if action == "failed-own-password" else None, person)
    notices.count_failure(db, person)


def _begin_complete_sign_in(
    db: Session, action: str, person: Person, browser: str
) -> tuple[SignIn, str]:
    log_action(db, action, person)
    person.failures = 0
    return sign_ins.begin(db, person, browser)


def sign_in(db: Session, person: Person, browser: str) -> tuple[SignIn, str]:
    """Begin a sign-in after the right password or a link.

    With a second factor, the sign-in waits for the code.
    """
    if second_factor.is_enrolled(db, person):
        return sign_ins.begin(db, person, browser, waits_for_code=True)
    return _begin_complete_sign_in(db, "signed-in", person, browser)


def sign_in_with_passkey(
    db: Session, origin: str, answer: str, browser: str
) -> tuple[SignIn, str] | None:
    """Begin a complete sign-in, or return None if the passkey is unknown or the person disabled."""
    try:
        person = passkeys.verify_response(db, origin, answer)
    except passkeys.PasskeyError as wrong:
        record_failure(db, "failed-passkey", db.get(Person, wrong.person) if wrong.person else None)
        return None
    lock_person(db, person)
    if person.disabled_at is not None:
        record_failure(db, "failed-passkey", person)
        return None
    return _begin_complete_sign_in(db, "used-passkey", person, browser)


def verify_code(
    db: Session, settings: Settings, half: SignIn, person: Person, code: str
) -> tuple[SignIn, str] | None:
    """Complete the sign-in `half` under a new token, or return None if the code is wrong."""
    lock_person(db, person)
    how = second_factor.consume_code(settings, person, code)
    if how is None:
        record_failure(db, "failed-code", person)
        return None
    db.delete(half)
    return _begin_complete_sign_in(
        db, "signed-in" if how == "app" else "used-recovery-code", person, half.browser
    )


def sign_out(db: Session, person: Person, token: str) -> None:
    sign_ins.end(db, token)
    log_action(db, "signed-out", person)


# Joining ----------------------------------------------------------------------------------------


def make_first_link(db: Session) -> str:
    log_action(db, "first-link", None)
    return sign_ins.make_link(db, None, None)


def invite(db: Session, email: str, role: DeskRole, by: Person | None) -> tuple[Person, str]:
    """Add a person, who can do nothing until they follow the link."""
    person = _add_person(db, email, role)
    log_action(db, "invited", by, person, role.label)
    return person, sign_ins.make_link(db, person, by)


def make_link(db: Session, person: Person, by: Person | None) -> str:
    """Create a link for somebody with a forgotten password or an expired invitation."""
    log_action(db, "made-link", by, person)
    return sign_ins.make_link(db, person, by)


def accept_link(
    db: Session, link: PasswordLink, person: Person | None, form: NewPasswordForm
) -> Person:
    """Use up a link: set the password, the name of a new person, and the first person's address."""
    if isinstance(form, FirstPersonForm):
        person = _add_person(db, form.email, DeskRole.ADMIN)
    assert person is not None
    is_new = person.password_hash is None
    if isinstance(form, JoinForm):
        person.name = form.name
    _set_password(db, person, form.password)
    db.delete(link)
    db.flush()
    log_action(db, "joined" if is_new else "set-password", person)
    if not is_new:
        notices.warn(db, person, NoticeKind.SET_PASSWORD)
    return person


def _add_person(db: Session, email: str, role: DeskRole) -> Person:
    adding = (
        insert(Person).values(email=email, role=role).on_conflict_do_nothing().returning(Person)
    )
    person = db.scalar(adding)
    if person is None:
        raise EmailTakenError
    return person


# Own account ------------------------------------------------------------------------------------


def change_password(db: Session, person: Person, password: str) -> None:
    """Set a new password and end every sign-in, since one of them may be an attacker's."""
    _set_password(db, person, password)
    sign_ins.remove_link(db, person)
    log_action(db, "changed-password", person)


def set_signature(db: Session, person: Person, name: str) -> None:
    """Set the signature of future editions. Published editions keep their signature."""
    person.signs_as = name
    log_action(db, "changed-signature", person)


def add_factor(
    db: Session, settings: Settings, person: Person, secret: str, *, step: int, here: SignIn
) -> Sequence[str]:
    """Add or replace the authenticator app and return new recovery codes.

    Ends every sign-in: the caller begins a new one.
    """
    codes, person.recovery_hashes = second_factor.new_recovery_codes()
    person.factor_secret, person.factor_step = (
        second_factor.encrypt(settings, secret, person.id),
        step,
    )
    sign_ins.end_all(db, person)
    log_action(db, "added-factor", person)
    notices.warn(db, person, NoticeKind.ADDED_FACTOR, _("authenticator app"), caused_by=here)
    return codes


def renew_recovery_codes(db: Session, person: Person) -> Sequence[str]:
    codes, person.recovery_hashes = second_factor.new_recovery_codes()
    log_action(db, "renewed-recovery-codes", person)
    return codes


def remove_passkey(db: Session, settings: Settings, person: Person, id: int) -> bool:
    """Remove a passkey; return False if there is no such passkey, or the role needs it.

    Recovery codes stay as long as another factor does.
    """
    lock_person(db, person)
    own = {each.id: each for each in passkeys.passkeys_of(db, person)}
    removed = own.pop(id, None)
    has_other = bool(own) or person.factor_secret is not None
    if not removed or not (has_other or not second_factor.is_required(settings, person)):
        return False
    db.delete(removed)
    if not has_other:
        person.recovery_hashes = []
    log_action(db, "removed-passkey", person, person, removed.name)
    return True


def add_passkey(
    db: Session, origin: str, person: Person, answer: str, *, name: str, here: SignIn
) -> tuple[Passkey, Sequence[str]]:
    """Add a passkey. If it is the first second factor, return recovery codes too.

    The first second factor also ends every sign-in: the caller begins a new one.
    """
    is_first = not second_factor.is_enrolled(db, person)
    passkey = passkeys.add(db, origin, person, answer, name)
    log_action(db, "added-passkey", person, person, name)
    notices.warn(
        db,
        person,
        NoticeKind.ADDED_FACTOR,
        _("passkey “{name}”").format(name=name),
        caused_by=here,
    )
    if not is_first:
        return passkey, ()
    sign_ins.end_all(db, person)
    codes, person.recovery_hashes = second_factor.new_recovery_codes()
    return passkey, codes


def remove_every_factor(db: Session, person: Person, by: Person | None) -> None:
    """Remove all second factors of a person who has lost them, and end their sign-ins.

    The person then signs in with the password and adds a new factor. A lost device may still be
    signed in, so the sign-ins end.
    """
    person.factor_secret, person.recovery_hashes = None, []
    sign_ins.end_all(db, person)
    db.execute(delete(Passkey).where(Passkey.person == person.id))
    log_action(db, "removed-factor", by, person)
    notices.warn(db, person, NoticeKind.REMOVED_FACTOR, by.called if by else _("the command line"))


def end_sign_in(db: Session, person: Person, here: SignIn, id: int) -> bool:
    """End a sign-in of a person other than this one, if there is one with this id."""
    other = delete(SignIn).where(SignIn.person == person.id, SignIn.id == id, SignIn.id != here.id)
    if not db.scalars(other.returning(SignIn.id)).all():
        return False
    log_action(db, "ended-sign-in", person)
    return True


def _set_password(db: Session, person: Person, password: str) -> None:
    person.password_hash = passwords.hash_password(password)
    sign_ins.end_all(db, person)


# Managing people --------------------------------------------------------------------------------


def change_role(db: Session, person: Person, role: DeskRole, by: Person | None) -> None:
    if role != DeskRole.ADMIN:
        _require_other_admin(db, person)
    log_action(db, "changed-role", by, person, f"{DeskRole(person.role).label} → {role.label}")
    person.role = role
    sign_ins.end_all(db, person)


def disable(db: Session, person: Person, by: Person | None) -> None:
    """Disable the account and end all its sign-ins. The person's drafts stay theirs."""
    _require_other_admin(db, person)
    person.disabled_at = func.now()
    sign_ins.end_all(db, person)
    sign_ins.remove_link(db, person)
    log_action(db, "disabled", by, person)


def enable(db: Session, person: Person, by: Person | None) -> None:
    person.disabled_at = None
    sign_ins.end_all(db, person)
    log_action(db, "enabled", by, person)


def _require_other_admin(db: Session, leaving: Person) -> None:
    """Raise LastAdminError if `leaving` is the only active admin.

    Locks all admins: two admins who disable each other at the same time must not both succeed.
    """
    admins = db.scalars(
        select(Person.id)
        .where(
            Person.role == DeskRole.ADMIN,
            Person.disabled_at.is_(None),
            Person.password_hash.is_not(None),
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if list(admins) == [leaving.id]:
        raise LastAdminError


# Queries ----------------------------------------------------------------------------------------


def find_by_email(db: Session, email: str) -> Person | None:
    return db.scalar(select(Person).where(Person.email == email))


def list_people(db: Session) -> Sequence[Person]:
    return db.scalars(select(Person).order_by(func.lower(Person.name), Person.email)).all()


def names_of_people(db: Session) -> dict[int, str]:
    """Return the names of all people by id."""
    return {person.id: person.called for person in db.scalars(select(Person))}


def lock_person(db: Session, person: Person) -> None:
    """Lock the person's row and reload it."""
    db.refresh(person, with_for_update=True)
