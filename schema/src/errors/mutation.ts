import { errorGroup } from "./entry.ts";

const refused = { httpStatus: 422, retryable: false } as const;

/** Codes a mutation is refused with. */
export const mutationErrors = errorGroup({
  "mutation.unknown": {
    ...refused,
    meaning: { en: "The server does not know this change.", ru: "Сервер не знает такой правки." },
    cause: { en: "This version of the app is newer or much older than the server.", ru: "Версия приложения новее сервера или сильно старее." },
    remedy: { en: "Update the app; the change is kept until then.", ru: "Обновите приложение; правка сохранена." },
  },
  "mutation.invalid_arguments": {
    ...refused,
    meaning: { en: "The change has values that cannot be stored.", ru: "В правке есть значения, которые нельзя сохранить." },
    cause: { en: "A field is missing, too long or of the wrong kind.", ru: "Поле пропущено, слишком длинное или не того вида." },
    remedy: { en: "Edit the values and try again.", ru: "Исправьте значения и повторите." },
  },
  "mutation.not_permitted": {
    ...refused,
    httpStatus: 403,
    meaning: { en: "Your role does not allow this change.", ru: "Ваша роль не позволяет эту правку." },
    cause: { en: "You can view this company but not edit this part of it.", ru: "Вы можете смотреть, но не менять эту часть." },
    remedy: { en: "Ask the owner for the right, then retry.", ru: "Попросите владельца дать право и повторите." },
  },
  "mutation.row_missing": {
    ...refused,
    meaning: { en: "What you changed no longer exists.", ru: "То, что вы меняли, больше не существует." },
    cause: { en: "Someone deleted it or undid its import.", ru: "Это удалили или отменили его импорт." },
    remedy: { en: "Discard the change.", ru: "Отбросьте правку." },
  },
  "mutation.row_exists": {
    ...refused,
    meaning: { en: "This record is already there.", ru: "Такая запись уже есть." },
    cause: { en: "The same record was added before.", ru: "Её уже добавили раньше." },
    remedy: { en: "Discard the change.", ru: "Отбросьте правку." },
  },
  "mutation.import_closed": {
    ...refused,
    meaning: { en: "This import is already finished or undone.", ru: "Этот импорт уже завершён или отменён." },
    cause: { en: "Rows came for an import that is not loading any more.", ru: "Строки пришли для импорта, который уже не загружается." },
    remedy: { en: "Import the file again.", ru: "Импортируйте файл заново." },
  },
  "mutation.import_incomplete": {
    ...refused,
    meaning: { en: "Not all rows of the import have arrived.", ru: "Пришли не все строки импорта." },
    cause: { en: "The number of rows differs from what the import declared.", ru: "Число строк не равно заявленному." },
    remedy: { en: "Import the file again.", ru: "Импортируйте файл заново." },
  },
  "mutation.parts_differ": {
    ...refused,
    meaning: { en: "Parts of a payment do not add up to it.", ru: "Части платежа не дают его суммы." },
    cause: { en: "A batch entry of a file and its details differ, or the parts of a split do not sum up.", ru: "Сводная запись файла и её детали расходятся, или части разделённого не дают целого." },
    remedy: { en: "Correct the parts; for a file, download it again and import it anew.", ru: "Исправьте части; файл скачайте снова и импортируйте заново." },
  },
  "mutation.cannot_split": {
    ...refused,
    meaning: { en: "This payment cannot be split.", ru: "Этот платёж нельзя разделить." },
    cause: { en: "It is a part of another, or one side of a transfer.", ru: "Он часть другого или одна сторона перевода." },
    remedy: { en: "Split the whole payment, or say first that it is no transfer.", ru: "Разделите весь платёж или сначала скажите, что это не перевод." },
  },
  "mutation.not_a_transfer": {
    ...refused,
    meaning: { en: "These two rows are not one transfer.", ru: "Эти две строки — не один перевод." },
    cause: { en: "They must be of two own accounts, of the same amount with opposite signs, and free.", ru: "Нужны два своих счёта, одна сумма с разными знаками и ни одной прежней связи." },
    remedy: { en: "Choose another row, or say that each is a transfer by itself.", ru: "Выберите другую строку или назовите каждую переводом отдельно." },
  },
  "mutation.category_tree": {
    ...refused,
    meaning: { en: "The category cannot be put there.", ru: "Категорию нельзя поместить туда." },
    cause: { en: "It would come under itself, or under a category of another kind.", ru: "Она оказалась бы внутри самой себя или в категории другого вида." },
    remedy: { en: "Choose another parent.", ru: "Выберите другую родительскую категорию." },
  },
  "mutation.job_kind_unavailable": {
    ...refused,
    meaning: { en: "The cloud cannot do this kind of work yet.", ru: "Облако пока не умеет такую работу." },
    cause: { en: "No worker for this kind is registered.", ru: "Нет исполнителя для такой работы." },
    remedy: { en: "Use the same report on this device.", ru: "Воспользуйтесь отчётом на устройстве." },
  },
});
